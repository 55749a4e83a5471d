-- What the console adds. Frozen: a later change is a later migration.

CREATE TABLE config_change (
    tenant_id int NOT NULL REFERENCES tenant (id),
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    staff_id bigint,
    who text NOT NULL,
    place text NOT NULL,
    subject text NOT NULL,
    before jsonb,
    after jsonb,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX config_change_at ON config_change (tenant_id, at);

-- The calendar has no tenant, so no policy can guard it. The application may write it through
-- this function alone, which asks for whom the transaction runs: the nation, or the one province.
CREATE FUNCTION publish_calendar_days(given jsonb) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changed int;
BEGIN
    IF NOT EXISTS (
        SELECT FROM tenant asking
         WHERE asking.id = nullif(current_setting('app.tenant', true), '')::int
           AND NOT asking.archived
           AND (asking.kind = 'nation'
                OR asking.kind IN ('province', 'city')
                   AND NOT EXISTS (SELECT FROM tenant other
                                    WHERE other.kind IN ('province', 'city')
                                      AND NOT other.archived AND other.id <> asking.id)))
    THEN
        RAISE EXCEPTION 'the calendar belongs to another tenant'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO calendar_day
    SELECT * FROM jsonb_populate_recordset(null::calendar_day, given)
    ON CONFLICT (date, kind, provisional) DO UPDATE SET
      name = excluded.name, basis = excluded.basis, decided_on = excluded.decided_on,
      replaces = excluded.replaces, pair = excluded.pair, withdrawn_on = excluded.withdrawn_on
    WHERE (calendar_day.*) IS DISTINCT FROM (excluded.*);
    GET DIAGNOSTICS changed = ROW_COUNT;
    UPDATE tenant SET config_version = config_version + 1 WHERE changed > 0;
    RETURN changed;
END
$$;
