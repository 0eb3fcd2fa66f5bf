-- texts are cut to what the columns of the operational database hold; the warehouse keeps them whole
-- source records whose published form is new or differs from what was sent before
with sent as (
  select
    record.source, record.source_key, given_id as customer_id, customer_id as living_id, belief = 1 as is_main,
    substring(coalesce(name, ''), 1, 200) as name, substring(coalesce(phone, ''), 1, 32) as phone, substring(coalesce(email, ''), 1, 254) as email,
    substring(coalesce(address, ''), 1, 300) as address,
    own.custom
  from record
  left join own on own.source = record.source and own.source_key = record.source_key
),
digested as (
  select
    *,
    md5(
      cast(customer_id as varchar) || '|' || cast(is_main as varchar) || '|' || name || '|' || phone || '|' || email
      || '|' || address || coalesce('|' || custom, '')
    ) as published
  from sent
)
select digested.*
from digested
left join existing_record as existing
  on existing.source = digested.source and existing.source_key = digested.source_key
left join purged on purged.customer_id = digested.customer_id
where purged.customer_id is null and (existing.published is null or existing.published <> digested.published)
