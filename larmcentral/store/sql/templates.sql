-- name: all
-- Every template of the house, for those who send.
SELECT t.organisation_id, t.committee_id, t.id, t.medium, t.kind, t.silent, t.language, t.title, t.body, t.version,
    t.made_at
FROM text_templates t
ORDER BY t.organisation_id, t.id;

-- name: rows
-- The templates of some committees, with the name of who wrote each last.
SELECT t.id, t.committee_id, t.medium, t.kind, t.silent, t.language, t.title, t.body, t.version, t.made_at,
    u.name AS made_by
FROM text_templates t
LEFT JOIN users u ON u.organisation_id = t.organisation_id AND u.id = t.made_by
WHERE t.organisation_id = $1 AND t.committee_id = ANY ($2::uuid[])
ORDER BY t.committee_id, t.medium, t.kind NULLS FIRST, t.silent, t.language
LIMIT $3;

-- name: begin
-- A committee's first words for such notices; nothing where it has some already.
INSERT INTO text_templates (organisation_id, committee_id, id, medium, kind, silent, language, title, body, version,
    made_at, made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11)
ON CONFLICT DO NOTHING
RETURNING version;

-- name: move_on
-- Other words in the place of those that they were made from.
UPDATE text_templates SET title = $7, body = $8, version = version + 1, made_at = $9, made_by = $10
WHERE organisation_id = $1 AND committee_id = $2 AND medium = $3 AND kind IS NOT DISTINCT FROM $4 AND silent = $5
    AND language = $6 AND version = $11
RETURNING version;

-- name: remove
-- Our own words again.
DELETE FROM text_templates
WHERE organisation_id = $1 AND committee_id = ANY ($2::uuid[]) AND id = $3
RETURNING id;
