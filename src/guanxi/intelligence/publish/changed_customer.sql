-- texts are cut to what the columns of the operational database hold; the warehouse keeps them whole
-- customers that a source delivers, who were not deleted for ever, and whose golden record is new or differs from what was sent before, or one of whose records does
with sent as (
  select
    golden.customer_id as id,
    golden.kind,
    substring(coalesce(golden.name, golden.company, ''), 1, 200) as name,
    coalesce(golden.region_code, '') as region_code,
    substring(coalesce(golden.city, ''), 1, 80) as city,
    substring(coalesce(golden.phone, ''), 1, 32) as phone,
    substring(coalesce(golden.email, ''), 1, 254) as email,
    customer.owner_id,
    substring(coalesce(golden.owner_code, ''), 1, 40) as owner_code,
    golden.first_seen_on,
    golden.records as source_records,
    own.custom
  from golden
  inner join customer on customer.customer_id = golden.customer_id
  left join own on own.customer_id = golden.customer_id
  where golden.records > 0
),
digested as (
  select
    *,
    md5(
      kind || '|' || name || '|' || region_code || '|' || city || '|' || phone || '|' || email || '|'
      || coalesce(cast(owner_id as varchar), '') || '|' || owner_code || '|'
      || coalesce(cast(first_seen_on as varchar), '') || '|' || cast(source_records as varchar)
      || coalesce('|' || custom, '')
    ) as published
  from sent
),
touched as (
  select distinct living_id as customer_id from changed_record
)
select digested.*
from digested
left join existing_customer as existing on existing.id = digested.id
left join touched on touched.customer_id = digested.id
left join purged on purged.customer_id = digested.id
where
  purged.customer_id is null
  and (existing.published is null or existing.published <> digested.published or touched.customer_id is not null)
