"""The contract of a plugin's forms and texts: nothing typed is lost, everything is said."""

# ruff: noqa: S101 - a test kit asserts

import inspect
import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.domain.answers import check_answers
from motcua.plugin.texts import LANGUAGES, texts
from motcua.testing.contract_base import AboutPlugin
from motcua.testing.forms import LEAD, SETTINGS, TODAY, filled, sent_back, typed
from motcua.testing.readiness import missing_texts, readiness
from motcua.web.forms.typed import answers as read_answers


class FormContract(AboutPlugin):
    """What a form shows it reads again, and every text is there.

    Attributes:
        same_in_both: Keys of texts whose words are really the same in both languages, such as
            a name of a thing; set it beside :attr:`plugin`.
    """

    same_in_both: frozenset[str] = frozenset()

    def test_its_forms_are_shown_and_read_again_without_loss(self) -> None:
        """A page drawn with answers in it sends back the same answers, and they are valid."""
        for definition in self.definitions():

            @settings(SETTINGS)
            @given(data=st.data())
            def held(data: st.DataObject) -> None:
                fields = definition.form  # noqa: B023 - called at once
                answers = data.draw(filled(fields))
                sent = sent_back(fields, typed(fields, answers))
                again = read_answers(fields, sent, LEAD)
                assert again == answers
                clean, faults = check_answers(definition, again, today=TODAY)  # noqa: B023
                assert [str(each) for each in faults] == []
                assert clean == answers

            held()

    def test_it_tells_people_what_it_is(self) -> None:
        """It has a label in both languages, and each hook says what it does."""
        assert self.manifest.label_vi.strip()
        assert self.manifest.label_en.strip()
        for name in self.loaded().hooks:
            assert inspect.getdoc(getattr(self.plugin, name)), f"{name} has no docstring"

    def test_its_texts_are_vietnamese_and_in_both_languages(self) -> None:
        """Every key is in both files, in NFC; what is said alike has no words."""
        vietnamese, english = (
            {
                key: said
                for key, said in texts(lang).items()
                if key.startswith(f"{self.manifest.name}.")
            }
            for lang in LANGUAGES
        )
        assert vietnamese.keys() == english.keys()
        for key, said in vietnamese.items():
            assert said.strip(), key
            assert unicodedata.is_normalized("NFC", said), key
            alike = said == english[key] and key not in self.same_in_both
            assert not (alike and _has_words(said)), f"{key} is not translated"

    def test_every_code_it_uses_has_a_text(self) -> None:
        """A constant of its modules that looks like a key of its texts is one."""
        assert missing_texts(self.loaded()) == set()

    def test_it_says_how_ready_it_is(self) -> None:
        """Its ``readiness.toml`` states every topic, and nothing that is visibly untrue."""
        assert readiness(self.loaded()).faults == ()


def _has_words(said: str) -> bool:
    """Whether *said* holds letters besides its placeholders."""
    return any(each.isalpha() for each in _PLACEHOLDER.sub("", said))


_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
