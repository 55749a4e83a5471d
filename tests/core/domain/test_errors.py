"""Errors carry fields, and say in English what they are for developers."""

from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError


def test_an_error_describes_itself_by_code_and_fields() -> None:
    assert str(MotCuaError(dossier="99001-261123-0001")) == "error: dossier='99001-261123-0001'"
    assert str(MotCuaError()) == "error"
    assert str(MotCuaError("as it is said")) == "as it is said"


def test_a_fault_moves_under_the_part_it_was_found_in() -> None:
    fault = FieldFault("copies", "field.most", most=9).under("papers[1].")

    assert (fault.field, fault.fault, fault.fields["most"]) == ("papers[1].copies", "field.most", 9)
    assert fault.fields["field"] == "papers[1].copies"


def test_wrong_answers_name_every_fault() -> None:
    error = InvalidAnswersError([FieldFault("a", "field.missing"), FieldFault("b", "field.type")])

    assert str(error) == "a: field.missing; b: field.type"
    assert error.fields == {"count": 2}
