-- one row per customer, without personal columns
select
  golden.customer_id,
  golden.kind,
  golden.region_code,
  golden.city,
  owner.owner_id,
  golden.owner_code,
  golden.first_seen_on,
  golden.sources,
  golden.records
from golden
left join owner on owner.owner_code = golden.owner_code
