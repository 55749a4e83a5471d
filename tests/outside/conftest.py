"""One fresh environment a run, for everybody who builds a plugin outside the repository."""

import pytest

from outside.place import Place


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("outside"))
