"""What the person chose: the settings file, where files live, the key map, the themes.

Nothing here knows the engine or the screen; both are handed plain values.
"""
