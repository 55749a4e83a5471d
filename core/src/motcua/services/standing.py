"""How a unit stands, told to its province in numbers and nothing else.

The unit counts itself, under its own name, once an hour; the province reads what was
counted and never a row of the unit's. Whatever is lost is counted again.
"""

from motcua.domain.dossier import IN_PROCESS, RUNNING
from motcua.services.house import House
from motcua.storage.work import work


async def refresh(house: House, tenant_id: int) -> None:
    """Count the unit *tenant_id* anew."""
    async with work(house.engine, tenant_id) as writing:
        args = (house.now(), list(IN_PROCESS), list(RUNNING), house.today())
        await writing.execute(_REFRESH, tenant_id, *args)


_REFRESH = """
insert into unit_standing
  (tenant_id, province_id, at, open, late, overdue_of, serves, signers_ended, book_gaps)
select $1, coalesce(t.parent_id, t.id), $2, d.open, d.late, d.overdue_of,
  exists (select from staff where tenant_id = $1 and active),
  (select case when t.archived or t.closed_on <= $5 then 0 else count(distinct e.full_name) end
   from signer e, unnest(case e.scope when '{}' then '{""}' else e.scope end) as part
   where e.tenant_id = $1 and e.valid_to <= $2 and not exists (
     select from signer h where h.tenant_id = $1 and coalesce(h.valid_to, 'infinity') > $2
       and (h.full_name = e.full_name
            or h.valid_from <= $2 and (h.scope = '{}' or part = any(h.scope))))),
  (select coalesce(sum(r.last - r.first + 1 - (
     select count(*) from register_entry e where e.tenant_id = $1 and e.register = r.book
       and e.year = r.year and e.number between r.first and r.last)), 0)
   from register r where r.tenant_id = $1)
from tenant t, (
  select coalesce(sum(n), 0) as open, coalesce(sum(late), 0) as late,
    coalesce(jsonb_agg(jsonb_build_object('field', field, 'procedure', procedure_code, 'n', late))
      filter (where late > 0), '[]') as overdue_of
  from (
    select field, procedure_code, count(*) as n,
      count(*) filter (where due_at < $2 and state = any($4)) as late
    from dossier where tenant_id = $1 and state = any($3) group by 1, 2) p) d
where t.id = $1
on conflict (tenant_id) do update set province_id = excluded.province_id, at = excluded.at,
  open = excluded.open, late = excluded.late, overdue_of = excluded.overdue_of,
  serves = excluded.serves,
  signers_ended = excluded.signers_ended, book_gaps = excluded.book_gaps
"""
"""A signer whose term is over counts while nobody signs now for all that they signed; not where
nobody signs any more, because the unit has ended."""
