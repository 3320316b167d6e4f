"""`iptui scan` as CSV, SARIF and Markdown: the same findings, and nothing that acts on their readers."""

from __future__ import annotations

import csv
import io
import json

import pytest
from markdown_it import MarkdownIt

MUTE = 'object = "left-over"\nreason = "goes with the account"\nuntil = 2999-12-31'


@pytest.fixture
def hostile(aws):
    """An instance whose name tag is a formula, a link, a mention and the edge of a cell."""
    [instance] = aws.world.account.region("us-east-1").instances.values()
    instance.tags["Name"] = "=HYPERLINK(1)|[x](http://evil.test)<b>@all\nnext"
    aws.world.changed()


@pytest.fixture
def muted(iptui):
    path = iptui.folder / "config" / "config.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"[[mute]]\n{MUTE}\n")


def findings_of(iptui):
    return json.loads(iptui.run("scan", "--format", "json").out)["findings"]


def lines_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_a_line_for_each_finding(iptui):
    ended = iptui.run("scan", "--format", "csv")
    assert (ended.code, ended.err) == (0, "")
    lines = lines_of(ended.out)
    told = findings_of(iptui)
    assert [line["id"] for line in lines] == [finding["id"] for finding in told]
    for line, finding in zip(lines, told, strict=True):
        about = finding["object"]
        assert (line["rule"], line["severity"], line["verdict"]) == (
            finding["rule"], finding["severity"], finding["verdict"]
        )  # fmt: skip
        assert (line["kind"], line["object_id"], line["region"]) == (
            about["kind"], about["id"], about["region"] or ""
        )  # fmt: skip
        assert line["fixes"].split() == finding["fixes"]
        assert line["muted"] == ""


def test_csv_never_hands_a_formula_or_a_control_character_to_a_spreadsheet(iptui, hostile):
    text = iptui.run("scan", "--format", "csv").out
    names = {line["name"] for line in lines_of(text)}
    assert "'=HYPERLINK(1)|[x](http://evil.test)<b>@all⏎next" in names
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines_of(text) for cell in line.values())


def test_csv_lists_what_is_muted_only_when_asked(iptui, muted):
    plain, asked = (
        lines_of(iptui.run("scan", "--format", "csv", *more).out) for more in ((), ("--show-muted",))
    )
    assert all(line["name"] != "left-over" for line in plain)
    assert {line["muted"] for line in asked if line["name"] == "left-over"} == {"goes with the account"}


def test_sarif_holds_every_finding_once_with_its_rule(iptui):
    ended = iptui.run("scan", "--format", "sarif")
    assert (ended.code, ended.err) == (0, "")
    log = json.loads(ended.out)
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    told = findings_of(iptui)
    assert [one["partialFingerprints"]["findingId/v1"] for one in run["results"]] == [f["id"] for f in told]
    levels = {"error": "error", "warning": "warning", "info": "note"}
    for result, finding in zip(run["results"], told, strict=True):
        assert rules[result["ruleIndex"]] == result["ruleId"] == finding["rule"]
        assert (result["kind"], result["level"]) == ("fail", levels[finding["severity"]])
        assert finding["cause"] in result["message"]["text"]
        [place] = result["locations"]
        assert place["logicalLocations"][0]["fullyQualifiedName"] == finding["object"]["arn"]
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_sarif_tells_what_could_not_be_read_and_never_calls_it_a_pass(iptui, aws):
    aws.world.deny("iam:ListInstanceProfiles")
    ended = iptui.run("scan", "--format", "sarif")
    assert ended.code == 4
    [run] = json.loads(ended.out)["runs"]
    [notified] = run["invocations"][0]["toolExecutionNotifications"]
    assert "iam:ListInstanceProfiles (denied)" in notified["message"]["text"]
    unknown = [one for one in run["results"] if one["kind"] == "open"]
    assert unknown
    assert {one["level"] for one in unknown} == {"none"}


def test_sarif_holds_what_is_muted_as_suppressed(iptui, muted):
    [run] = json.loads(iptui.run("scan", "--format", "sarif").out)["runs"]
    suppressed = [one for one in run["results"] if "suppressions" in one]
    assert {one["ruleId"] for one in suppressed} == {"profile-without-role", "profile-orphaned"}
    assert suppressed[0]["suppressions"] == [{"kind": "external", "justification": "goes with the account"}]


def test_markdown_is_a_table_that_a_reader_of_markdown_shows_as_text(iptui, hostile):
    ended = iptui.run("scan", "--format", "markdown")
    assert (ended.code, ended.err) == (0, "")
    html = MarkdownIt().enable("table").render(ended.out)
    told = findings_of(iptui)
    assert html.count("<tr>") == 1 + len(told)
    assert html.count("<td>") == 6 * len(told)
    assert "=HYPERLINK(1)|[x](http://evil.test)&lt;b&gt;@all⏎next" in html
    assert "evil.test" not in "".join(part for part in html.split('"') if part.startswith("http"))
    for finding in told:
        assert finding["id"] in ended.out


def test_markdown_says_what_was_not_read_and_what_is_muted(iptui, aws, muted):
    aws.world.deny("ec2:DescribeInstances", "eu-west-1")
    text = iptui.run("scan", "--format", "markdown", "--show-muted").out
    assert "## Not read" in text
    assert "ec2:DescribeInstances in eu-west-1 (denied)" in text
    assert "## Muted" in text
    assert "goes with the account" in text
    assert "## Muted" not in iptui.run("scan", "--format", "markdown").out


def test_any_format_can_go_to_a_file(iptui, tmp_path):
    for name in ("csv", "sarif", "markdown"):
        file = tmp_path / f"found.{name}"
        ended = iptui.run("scan", "--format", name, "--output", str(file))
        assert (ended.code, ended.out, ended.err) == (0, "", "")
        assert file.read_text() == iptui.run("scan", "--format", name).out
