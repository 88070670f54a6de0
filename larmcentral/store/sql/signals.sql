-- name: resolve
-- Who stands behind each account: its device, who wears it now, and how colleagues know them; or a person by his app,
-- whose account is his own id ($4, null for devices).
SELECT w.ord, d.id AS device_id, d.committee_id, d.purpose, coalesce(d.label, d.account) AS device_label, d.options,
       p.id AS person_id, p.unit_id, p.name AS person_name, p.language, p.committee_id AS person_committee_id
FROM unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY AS w (organisation_id, protocol, account, ord)
JOIN devices d ON (d.organisation_id, d.protocol, d.account) = (w.organisation_id, w.protocol, w.account)
     AND w.protocol <> 'app'
LEFT JOIN device_assignments a
       ON (a.organisation_id, a.device_id) = (d.organisation_id, d.id) AND a.until_at IS NULL
LEFT JOIN persons p ON (p.organisation_id, p.id) = (a.organisation_id, a.person_id)
UNION ALL
SELECT w.ord, NULL, p.committee_id, 'real', p.name, '{}', p.id, p.unit_id, p.name, p.language, p.committee_id
FROM unnest($1::uuid[], $4::uuid[]) WITH ORDINALITY AS w (organisation_id, person_id, ord)
JOIN persons p ON (p.organisation_id, p.id) = (w.organisation_id, w.person_id);

-- name: tracked
-- Which accounts have an open incident, silent or not, about whoever wears the device or uses the app ($4), or about
-- the device itself.
SELECT w.ord
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) WITH ORDINALITY
     AS w (organisation_id, protocol, account, person_id, ord)
LEFT JOIN devices d ON (d.organisation_id, d.protocol, d.account) = (w.organisation_id, w.protocol, w.account)
     AND w.protocol <> 'app'
LEFT JOIN device_assignments a
       ON (a.organisation_id, a.device_id) = (d.organisation_id, d.id) AND a.until_at IS NULL
CROSS JOIN LATERAL (SELECT coalesce('person:' || coalesce(w.person_id, a.person_id), 'device:' || d.id) AS about) k
WHERE EXISTS (
    SELECT FROM incidents i
    WHERE i.organisation_id = w.organisation_id AND i.state <> 'stood_down' AND i.purpose <> 'drill'
      AND i.subject = ANY (ARRAY[k.about, 'covert/' || k.about]));

-- name: repeat_in_window
-- A protocol whose message names wrap: a repeat is one that came within its window. It must write. Of two that are filed
-- at once by two processes the later one may stand first, and so in the next bucket.
UPDATE signals s SET attempts = s.attempts + 1
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::bigint[])
     WITH ORDINALITY AS w (organisation_id, protocol, account, repeat_key, since, until, bucket, ord)
WHERE (s.organisation_id, s.protocol, s.account, s.repeat_key)
    = (w.organisation_id, w.protocol, w.account, w.repeat_key)
  AND s.repeat_bucket IN (w.bucket - 1, w.bucket, w.bucket + 1) AND s.received_at > w.since
  AND s.received_at < w.until
RETURNING w.ord, s.id;

-- name: insert
-- File signals; one that stands already is written to, so that the answer waits for the disk.
INSERT INTO signals AS s (organisation_id, committee_id, id, received_at, receiver, protocol, account, authentic,
    device_id, person_id, kind, silent, event_at, sent_at, buffered, lat, lon, accuracy_m, fix_at, fix_valid,
    battery_pct, charging, code, text, evidence, doubts, raw, repeat_key, repeat_bucket)
SELECT organisation_id, committee_id, id, received_at, receiver, protocol, account, authentic,
    device_id, person_id, kind, silent, event_at, sent_at, buffered, lat, lon, accuracy_m, fix_at, fix_valid,
    battery_pct, charging, code, text, evidence::jsonb,
    ARRAY(SELECT jsonb_array_elements_text(doubts::jsonb)), raw, repeat_key, repeat_bucket
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::bool[],
    $9::uuid[], $10::uuid[], $11::text[], $12::bool[], $13::timestamptz[], $14::timestamptz[], $15::bool[],
    $16::float8[], $17::float8[], $18::float8[], $19::timestamptz[], $20::bool[], $21::smallint[], $22::bool[],
    $23::text[], $24::text[], $25::text[], $26::text[], $27::bytea[], $28::text[], $29::bigint[])
    AS w (organisation_id, committee_id, id, received_at, receiver, protocol, account, authentic,
    device_id, person_id, kind, silent, event_at, sent_at, buffered, lat, lon, accuracy_m, fix_at, fix_valid,
    battery_pct, charging, code, text, evidence, doubts, raw, repeat_key, repeat_bucket)
ON CONFLICT (organisation_id, protocol, account, repeat_key, repeat_bucket)
    DO UPDATE SET attempts = s.attempts + 1
RETURNING s.id, s.protocol, s.account, s.repeat_key, s.attempts;

-- name: join_incident
-- Tie signals to the incident they opened or joined.
UPDATE signals s SET incident_id = w.incident_id
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS w (organisation_id, id, incident_id)
WHERE (s.organisation_id, s.id) = (w.organisation_id, w.id);

-- name: keep_unknown
-- Keep bytes nobody understood, counted by content.
INSERT INTO unknown_input AS u (organisation_id, committee_id, receiver, digest, reason, sample, first_at, last_at, times)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::text[], $6::bytea[], $7::timestamptz[],
    $8::timestamptz[], $9::bigint[])
ON CONFLICT (organisation_id, receiver, digest)
    DO UPDATE SET last_at = greatest(u.last_at, excluded.last_at), times = u.times + excluded.times;

-- name: fold_telemetry
-- The last word of each device. What it did not say this time stays. $8: what the clock that the times are of says
-- now; they are told by the database's clock, and nobody was heard in the future. $9: they came with silent alarms, and
-- what the wearer's own phone is told of the device (told_*) stays as it is.
INSERT INTO device_states AS s (organisation_id, committee_id, device_id, last_seen_at, battery_pct, charging, receiver,
    told_seen_at, told_battery_pct, told_charging)
SELECT d.organisation_id, d.committee_id, d.id, h.at, w.battery_pct, w.charging, w.receiver,
    CASE WHEN NOT $9::bool THEN h.at END, CASE WHEN NOT $9 THEN w.battery_pct END, CASE WHEN NOT $9 THEN w.charging END
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::smallint[], $6::bool[], $7::text[])
    AS w (organisation_id, protocol, account, last_seen_at, battery_pct, charging, receiver)
JOIN devices d ON (d.organisation_id, d.protocol, d.account) = (w.organisation_id, w.protocol, w.account)
CROSS JOIN LATERAL (SELECT least(w.last_seen_at + coalesce(clock_timestamp() - $8::timestamptz, interval '0'),
    clock_timestamp()) AS at) h
ORDER BY d.organisation_id, d.id
ON CONFLICT (organisation_id, device_id) DO UPDATE
    SET last_seen_at = greatest(s.last_seen_at, excluded.last_seen_at),
        battery_pct = coalesce(excluded.battery_pct, s.battery_pct),
        charging = coalesce(excluded.charging, s.charging), receiver = excluded.receiver,
        told_seen_at = greatest(s.told_seen_at, excluded.told_seen_at),
        told_battery_pct = coalesce(excluded.told_battery_pct, s.told_battery_pct),
        told_charging = coalesce(excluded.told_charging, s.told_charging);

-- name: fold_presences
-- Where those on shift are, by their devices or by their apps ($4). Whoever is not on shift is not followed.
-- $9: as $8 of fold_telemetry, for both times.
UPDATE presences p SET lat = n.lat, lon = n.lon, fix_at = n.fix_at, device_id = n.device_id
FROM (
    SELECT q.organisation_id, q.person_id, l.lat, l.lon, l.fix_at, l.device_id
    FROM (
        SELECT DISTINCT ON (w.organisation_id, coalesce(w.person_id, a.person_id)) w.organisation_id,
            coalesce(w.person_id, a.person_id) AS person_id, d.id AS device_id, w.lat, w.lon,
            least(w.fix_at + ahead.by, clock_timestamp()) AS fix_at,
            least(w.seen_at + ahead.by, clock_timestamp()) AS seen_at
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::float8[], $6::float8[], $7::timestamptz[],
            $8::timestamptz[]) AS w (organisation_id, protocol, account, person_id, lat, lon, fix_at, seen_at)
        CROSS JOIN (SELECT coalesce(clock_timestamp() - $9::timestamptz, interval '0') AS by) ahead
        LEFT JOIN devices d ON (d.organisation_id, d.protocol, d.account) = (w.organisation_id, w.protocol, w.account)
             AND w.protocol <> 'app'
        LEFT JOIN device_assignments a
               ON (a.organisation_id, a.device_id) = (d.organisation_id, d.id) AND a.until_at IS NULL
        WHERE w.lat BETWEEN -90 AND 90 AND w.lon BETWEEN -180 AND 180
        ORDER BY w.organisation_id, coalesce(w.person_id, a.person_id), w.fix_at DESC
    ) l
    JOIN presences q ON (q.organisation_id, q.person_id) = (l.organisation_id, l.person_id)
         AND q.since <= l.seen_at AND q.until_at > l.seen_at AND (q.fix_at IS NULL OR q.fix_at < l.fix_at)
    ORDER BY q.organisation_id, q.person_id FOR UPDATE OF q
) n
WHERE (p.organisation_id, p.person_id) = (n.organisation_id, n.person_id);

-- name: enrolled
-- Enrolled devices that changed since a time, for the receivers' snapshot. One without a model of its own is what its
-- IMEI begins with, as far as anybody has said.
SELECT d.organisation_id, d.id, d.protocol, d.account, d.secret, d.next_secret, d.options, d.changed_at,
    coalesce(d.model, (
        SELECT m.model FROM device_models m
        WHERE m.organisation_id = d.organisation_id AND starts_with(d.account, m.imei_prefix)
            AND d.account ~ '^[0-9]{15}$'
        ORDER BY length(m.imei_prefix) DESC LIMIT 1)) AS model
FROM devices d
WHERE d.changed_at >= $1;
