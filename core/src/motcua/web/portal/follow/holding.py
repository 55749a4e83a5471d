"""One request of somebody who follows a dossier."""

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from motcua.services import follow, passes
from motcua.services.follow import Held
from motcua.web.portal.apply.desk import Applying
from motcua.web.portal.follow.session import COOKIE


class Holding(Applying):
    """One request of somebody who follows a dossier."""

    async def held(self) -> Held:
        """The dossier of the browser's pass.

        Raises:
            NoPassError: it has none that is good.
        """
        ticket = self.request.cookies.get(COOKIE, "")
        return await follow.held(self.house, self.desk, passes.read(self.house, self.desk, ticket))


TheHolding = NamedDependency[SkipValidation[Holding]]
