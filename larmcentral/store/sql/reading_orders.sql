-- name: incident
-- Whose and which device's an incident is, and whether it is silent.
SELECT i.id, i.device_id, i.person_id, i.silent, i.kind, i.state FROM incidents i
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.id = $3;

-- name: devices
-- The incident's own device, those that its person wears now, and those that were told something in it.
SELECT d.id, d.protocol, coalesce(d.label, d.account) AS label, d.options, coalesce(s.quiet_locate, false) AS quiet_locate
FROM devices d
LEFT JOIN commissioning_sheets s ON (s.organisation_id, s.device_id) = (d.organisation_id, d.id)
WHERE d.organisation_id = $1 AND (d.id = $2
    OR EXISTS (SELECT FROM device_assignments a
        WHERE (a.organisation_id, a.device_id) = (d.organisation_id, d.id) AND a.person_id = $3 AND a.until_at IS NULL)
    OR EXISTS (SELECT FROM downlinks w
        WHERE w.organisation_id = d.organisation_id AND w.device_id = d.id AND w.incident_id = $4))
ORDER BY d.id <> $2, d.id LIMIT $5;

-- name: words
-- What devices were told in an incident, newest first, of the kinds that we know ($4).
SELECT w.*, u.name AS asker FROM downlinks w
LEFT JOIN users u ON (u.organisation_id, u.id) = (w.organisation_id, w.asked_by)
WHERE w.organisation_id = $1 AND w.incident_id = $2 AND w.kind = ANY ($4::text[])
ORDER BY w.filed_at DESC, w.id DESC LIMIT $3;

-- name: device
-- A device and its commissioning sheet, if it has one.
SELECT d.id, d.protocol, coalesce(d.label, d.account) AS label, s.settings, s.note, s.quiet_locate, s.changed_at, u.name AS changed_by
FROM devices d
LEFT JOIN commissioning_sheets s ON (s.organisation_id, s.device_id) = (d.organisation_id, d.id)
LEFT JOIN users u ON (u.organisation_id, u.id) = (s.organisation_id, s.changed_by)
WHERE d.organisation_id = $1 AND d.committee_id = ANY ($2::uuid[]) AND d.id = $3;

-- name: commissioned
-- What a device was told of its sheet, newest first.
SELECT w.*, u.name AS asker FROM downlinks w
LEFT JOIN users u ON (u.organisation_id, u.id) = (w.organisation_id, w.asked_by)
WHERE w.organisation_id = $1 AND w.device_id = $2 AND w.kind = 'commission'
ORDER BY w.filed_at DESC, w.id DESC LIMIT $3;
