"""Tests of the emulator, through the real SDK over HTTP."""
