"""What the look through everything stored asks the database, one tenant at a time."""

from motcua.services.gaps import gaps

DOSSIERS = """
select id, (to_jsonb(d) || jsonb_build_object('head', encode(d.head, 'base64'),
        'secret_hash', encode(d.secret_hash, 'base64')))::text as row
from dossier d where tenant_id = $1 and id > $2 order by id limit $3
"""

FEES = """
select to_jsonb(f)::text from fee_line f
where tenant_id = $1 and dossier_id > $2 and dossier_id <= $3 order by dossier_id, n
"""

LINES = """
select to_jsonb(r)::text from register_entry r
where tenant_id = $1 and dossier_id > $2 and dossier_id <= $3
"""

FILES = """
select c.dossier_id, json_build_object('document', c.document, 'name', c.name,
  'sha256', encode(s.sha256, 'hex'))::text as said
from dossier_document c
  join stored_file s on s.tenant_id = c.tenant_id and s.id = c.file_id
where c.tenant_id = $1 and c.dossier_id > $2 and c.dossier_id <= $3 order by c.dossier_id, c.n
"""

EVENTS = """
select dossier_id, seq, transition, at, actor_id, actor, role, from_state, to_state, reason,
       data, salt, digest, previous, hash
from dossier_event where tenant_id = $1 and dossier_id > $2 and dossier_id <= $3
order by dossier_id, seq
"""

SERIES = gaps(
    """
  select 'dossier', split_part(code, '-', -2), split_part(code, '-', -1)::int
  from dossier where tenant_id = $1 and code ~ '-[0-9]{6}-[0-9]{1,8}$'
  union all
  select 'temporary', split_part(temporary_code, '-', -2), split_part(temporary_code, '-', -1)::int
  from dossier where tenant_id = $1 and temporary_code ~ '-[0-9]{6}-[0-9]{1,8}$'
  union all
  select 'receipt', split_part(receipt, '-', 1), split_part(receipt, '-', 2)::int
  from visit where tenant_id = $1 and receipt ~ '^[0-9]{4}-[0-9]{1,8}$'
""",
    "dossier",
    "temporary",
    "receipt",
)
"""Unreadable codes are left out: their numbers are missing then. The first of them suffice."""

_RECOUNT = """
with counted as (
  select (received_at at time zone '{zone}')::date as day, procedure_code, channel,
         1 as received, 0 as early, 0 as on_time, 0 as late, 0 as no_limit
  from dossier where tenant_id = $1 and received_at is not null and not mistake
  union all
  select finished, procedure_code, channel, 0,
         (verdict = 'early')::int, (verdict = 'on_time')::int, (verdict = 'late')::int,
         (verdict = 'no_limit')::int
  from (
    select *, case when no_limit then 'no_limit'
        when state in ('withdrawn', 'stopped') then 'on_time'
        when late or finished > due then 'late'
        when finished < due then 'early' else 'on_time' end as verdict
    from (
      select *, (finished_at at time zone '{zone}')::date as finished,
             (legal_due_at at time zone '{zone}')::date as due
      from dossier
      where tenant_id = $1 and finished_at is not null and received_at is not null
        and not mistake) f
  ) v),
recount as (
  select day, procedure_code, channel, sum(received)::int as received, sum(early)::int as early,
         sum(on_time)::int as on_time, sum(late)::int as late, sum(no_limit)::int as no_limit
  from counted group by 1, 2, 3),
stored as (select * from daily_figure where tenant_id = $1)
""".replace("{zone}", "Asia/Ho_Chi_Minh")

FIGURES = f"""{_RECOUNT}
select day, procedure_code, channel,
  concat_ws(' ', coalesce(s.received, 0), coalesce(s.early, 0), coalesce(s.on_time, 0),
            coalesce(s.late, 0), coalesce(s.no_limit, 0)) as stored,
  concat_ws(' ', coalesce(r.received, 0), coalesce(r.early, 0), coalesce(r.on_time, 0),
            coalesce(r.late, 0), coalesce(r.no_limit, 0)) as recounted
from stored s full join recount r using (day, procedure_code, channel)
where (coalesce(s.received, 0), coalesce(s.early, 0), coalesce(s.on_time, 0),
       coalesce(s.late, 0), coalesce(s.no_limit, 0))
   <> (coalesce(r.received, 0), coalesce(r.early, 0), coalesce(r.on_time, 0),
       coalesce(r.late, 0), coalesce(r.no_limit, 0))
order by 1, 2, 3
"""  # noqa: S608 - words of the program's own

REBUILD = f"""{_RECOUNT}
insert into daily_figure as f (tenant_id, province_id, day, procedure_code, channel, field,
                               received, early, on_time, late, no_limit)
select $1, $2, day, procedure_code, channel,
  coalesce(s.field, (select d.field from dossier d
                     where d.tenant_id = $1 and d.procedure_code = r.procedure_code limit 1)),
  coalesce(r.received, 0) - coalesce(s.received, 0), coalesce(r.early, 0) - coalesce(s.early, 0),
  coalesce(r.on_time, 0) - coalesce(s.on_time, 0), coalesce(r.late, 0) - coalesce(s.late, 0),
  coalesce(r.no_limit, 0) - coalesce(s.no_limit, 0)
from stored s full join recount r using (day, procedure_code, channel)
where (coalesce(s.received, 0), coalesce(s.early, 0), coalesce(s.on_time, 0),
       coalesce(s.late, 0), coalesce(s.no_limit, 0))
   <> (coalesce(r.received, 0), coalesce(r.early, 0), coalesce(r.on_time, 0),
       coalesce(r.late, 0), coalesce(r.no_limit, 0))
on conflict (tenant_id, day, procedure_code, channel) do update set
  received = f.received + excluded.received, early = f.early + excluded.early,
  on_time = f.on_time + excluded.on_time, late = f.late + excluded.late,
  no_limit = f.no_limit + excluded.no_limit
"""  # noqa: S608 - the same
"""Adds what is missing and takes away what is too much, as one snapshot shows both: a dossier
that is received meanwhile adds its own."""

_RERATE = """
with recount as (
  select day, procedure_code, a.key as question, a.value as answer, count(*)::int as n
  from rating, jsonb_each_text(answers) a where tenant_id = $1 group by 1, 2, 3, 4),
stored as (select * from rating_figure where tenant_id = $1),
differing as (
  select day, procedure_code, question, answer, coalesce(s.n, 0) as stored,
         coalesce(r.n, 0) as recounted
  from stored s full join recount r using (day, procedure_code, question, answer)
  where coalesce(s.n, 0) <> coalesce(r.n, 0))
"""

RATINGS = f"""{_RERATE}
select day, procedure_code, question, answer, stored::text, recounted::text
from differing order by 1, 2, 3, 4
"""  # noqa: S608 - the same

REBUILD_RATINGS = f"""{_RERATE}
insert into rating_figure as f (tenant_id, province_id, day, procedure_code, question, answer, n)
select $1, $2, day, procedure_code, question, answer, recounted - stored from differing
on conflict (tenant_id, day, procedure_code, question, answer) do update set n = f.n + excluded.n
"""  # noqa: S608 - the same
