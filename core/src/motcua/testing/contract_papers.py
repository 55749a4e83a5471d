"""The contract of a plugin's papers: each can be drawn."""

# ruff: noqa: S101 - a test kit asserts

from motcua.documents.papers import Sheet, draw
from motcua.domain.answers import Answers
from motcua.plugin.facts import Reception, ResultPapers
from motcua.testing.contract_base import AN_ISSUE, AboutPlugin


class PaperContract(AboutPlugin):
    """What it prints is drawn from what it is told."""

    def test_its_papers_can_be_drawn(self) -> None:
        """Each paper it names has a template, and the template takes what it is told."""
        templates = self.registry().templates(self.manifest.name)
        reception = Reception(received_on=AN_ISSUE.at.date())
        for definition in self.definitions():
            given = self.decide("result_papers", definition, Answers(), reception)
            sheets = [
                Sheet(template=f"{self.manifest.name}/{each.template}", data=each.data)
                for each in (given or ResultPapers()).papers
            ]
            if sheets:
                assert draw(templates, sheets, definition.name, AN_ISSUE.at).startswith(b"%PDF")
