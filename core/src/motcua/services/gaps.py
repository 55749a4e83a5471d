"""Whether the numbers of a series run from one to where its counter stands."""

_GAPS = """
with used (kind, period, n) as ({used}),
series as (
  select kind, period, count(*)::int as lines, max(n) as highest, array_agg(n) as numbers
  from used group by 1, 2),
counters as (select kind, period, n from counter where tenant_id = $1 and kind in ({kinds}))
select kind, period, coalesce(c.n, 0) as n, coalesce(s.lines, 0) as lines,
  array(select g from (select generate_series(1, greatest(c.n, s.highest)) as g) as every
        where g <> all (coalesce(s.numbers, '{{}}')) limit $2) as missing
from series s full join counters c using (kind, period)
where s.lines is distinct from c.n or s.highest is distinct from c.n
order by 1, 2
"""


def gaps(used: str, *kinds: str) -> str:
    """The statement that finds series with a gap, or of another length than their counter.

    Its arguments are the tenant and how many missing numbers suffice.

    Args:
        used: A query of kind, period and number of everything numbered.
        kinds: The kinds of counter it is held against.
    """
    return _GAPS.format(used=used, kinds=", ".join(f"'{each}'" for each in kinds))
