"""A commune after some years: a hundred thousand dossiers, their events, fees and records."""

import asyncpg

from motcua.testing.database import TENANT_A, ScratchDatabase

DOSSIERS = 100_000
CARD = "027180077777"
"""The identity number of the dossier 77777."""


async def fill(database: ScratchDatabase) -> None:
    """Give the first test tenant, which has one dossier, *DOSSIERS* more, and as many births.

    What is due later was received later: the done ones are the old ones, as everywhere. The
    tables are left as autovacuum leaves them; it must not begin by itself in the midst of it.
    """
    owner = await asyncpg.connect(database.owner_dsn.url)
    try:
        for table in _TABLES:
            await owner.execute(f"alter table {table} set (autovacuum_enabled = off)")
        for statement in (_DOSSIERS, _EVENTS, _FEES, _SHELF, _BIRTHS):
            await owner.execute(statement.format(n=DOSSIERS, tenant=TENANT_A, names=_NAMES))
        for table in _TABLES:
            await _vacuumed(owner, table)
    finally:
        await owner.close()


async def _vacuumed(owner: asyncpg.Connection, table: str) -> None:
    """Vacuum *table* until PostgreSQL knows that everybody sees its rows.

    It does not know as long as something else is still running in the database.
    """
    while not await owner.fetchval(_SEEN, table):
        await owner.execute(f"vacuum (analyze) {table}")


_SEEN = "select relallvisible > 0 from pg_class where oid = $1::text::regclass"


_TABLES = ("dossier", "dossier_event", "fee_line", "result_shelf", "civil_status_birth")
_NAMES = """lateral (select 1 + n % 10 as f, 1 + n / 10 % 8 as m, 1 + n / 80 % 12 as g) part,
  lateral (select
    (array['Nguyễn', 'Nguyễn', 'Nguyễn', 'Nguyễn', 'Trần', 'Lê', 'Phạm', 'Đỗ', 'Vũ', 'Đặng'])[f]
    || ' ' || (array['Thị', 'Văn', 'Đức', 'Ngọc', 'Minh', 'Thu', 'Hữu', 'Quang'])[m]
    || ' ' || (array['Ánh', 'Bình', 'Châu', 'Dũng', 'Hạnh', 'Hường', 'Khánh', 'Lan', 'Mạnh',
      'Nga', 'Phúc', 'Tuyết'])[g] as name,
    (array['nguyen', 'nguyen', 'nguyen', 'nguyen', 'tran', 'le', 'pham', 'do', 'vu', 'dang'])[f]
    || ' ' || (array['thi', 'van', 'duc', 'ngoc', 'minh', 'thu', 'huu', 'quang'])[m]
    || ' ' || (array['anh', 'binh', 'chau', 'dung', 'hanh', 'huong', 'khanh', 'lan', 'manh',
      'nga', 'phuc', 'tuyet'])[g] as key) said
"""

_DOSSIERS = """
insert into dossier
select made.* from (select * from dossier where tenant_id = {tenant} limit 1) one,
  (select array_agg(id order by id) as ids, array_agg(code order by id) as codes
   from procedure_version) known,
  (select array_agg(id order by id) as ids from staff where tenant_id = {tenant}) people,
  generate_series(1, {n}) n,
  {names},
  lateral (select one.received_at - make_interval(mins => ({n} - n) * 15) as at,
    n > {n} * 0.93 as fresh, 1 + n % least(60, cardinality(known.ids)) as p) told,
  lateral (select case when not fresh then
      (array['returned', 'returned', 'returned', 'withdrawn', 'stopped'])[1 + n % 5]
    else (array['submitted', 'pre_supplement', 'received', 'appraising', 'appraising',
      'supplement_requested', 'awaiting_payment', 'with_other_agency', 'for_approval',
      'approved', 'result_ready'])[1 + n % 11] end as state) stands,
  lateral (select case when stands.state in ('submitted', 'pre_supplement') then null
    else 'X-' || to_char(at, 'YYMMDD') || '-' || lpad(n::text, 6, '0') end as code,
    '0271800' || lpad(n::text, 5, '0') as card) numbered,
  lateral jsonb_populate_record(one::dossier, jsonb_build_object(
    'id', md5(n::text)::uuid, 'code', numbered.code, 'external_id', null,
    'temporary_code', case when n % 3 = 0 or numbered.code is null then 'T-' || n end,
    'visit_id', null, 'procedure_code', known.codes[p], 'version_id', known.ids[p],
    'applicant', jsonb_build_object('name', name || ' ' || n, 'id_number', card,
      'phone', '0912345678'),
    'applicant_key', concat_ws(' ', key, n, card, lower(numbered.code)),
    'channel', case when n % 3 = 0 then 'online' else 'counter' end,
    'state', stands.state, 'version', 2,
    'holder_id', case when fresh and n % 4 > 0 then people.ids[1 + n % 6] end,
    'submitted_at', case when numbered.code is null then at end,
    'received_at', case when numbered.code is not null then at end,
    'due_at', case when numbered.code is not null then at + make_interval(hours => n % 240) end,
    'finished_at', case when not fresh or stands.state = 'result_ready' then at end,
    'returned_at', case when stands.state = 'returned' then at end)) made
"""

_EVENTS = """
insert into dossier_event (tenant_id, dossier_id, seq, transition, at, actor, role, from_state,
  to_state, reason, digest, previous, hash)
select d.tenant_id, d.id, seq, case when seq = 1 then 'T02' when d.state = 'appraising' then 'T36'
    else 'T08' end, d.last_at, 'Một người', case when seq = 2 and d.state = 'appraising'
    then 'citizen' else 'field' end, 'received', d.state, '', '', '', ''
from dossier d, generate_series(1, 2) seq where d.tenant_id = {tenant} and d.version = 2
"""

_FEES = """
insert into fee_line (tenant_id, dossier_id, n, fee, label, kind, quantity, amount, exemption,
  basis, proof)
select d.tenant_id, d.id, 1, 'phi', 'Phí', 'fee', 1, 2000, '', '', ''
from dossier d where d.tenant_id = {tenant} and d.version = 2
"""

_SHELF = """
insert into result_shelf (tenant_id, dossier_id, shelf, reminders)
select d.tenant_id, d.id, 'A1', 0 from dossier d
where d.tenant_id = {tenant} and d.version = 2 and d.state = 'result_ready'
"""

_BIRTHS = """
insert into civil_status_birth (tenant_id, id, dossier_id, dossier_code, procedure, book, year,
  registered_on, official_number, official_key, subject_name, subject_key, subject_id_number,
  subject_birth, other_name, other_key, other_id_number, other_birth, event_date, place_line,
  place_unit, data, created_at, changed_at, father_name, father_key, origin_line, origin_unit)
select {tenant}, md5(n::text)::uuid, md5(n::text)::uuid, 'X', '1.001193', 'birth', 2026 - n % 9,
  date '2026-11-01' - n % 3000, n::text, n || '/' || 2026 - n % 9, name || ' ' || initcap(letters),
  key || ' ' || letters, '',
  to_char(date '2026-11-01' - n % 3000, 'YYYY-MM-DD'), name, key,
  '0271800' || lpad(n::text, 5, '0'), '1995-02-03',
  date '2026-11-01' - n % 3000, '', '',
  jsonb_build_object('told', repeat('x', 700)), now(), now(), '', '', '', ''
from generate_series(1, {n}) n, translate(n::text, '0123456789', 'abcdefghik') letters,
  {names}
"""
