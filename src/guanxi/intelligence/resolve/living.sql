-- whose party that is today: people's merges, then ids retired by keys, then people's merges of what remained
select
  given.party_key,
  given.source,
  given.source_key,
  coalesce(last_merge.main_id, retired.main_id, first_merge.main_id, given.customer_id) as customer_id,
  given.customer_id as given_id
from given
left join merged as first_merge on first_merge.customer_id = given.customer_id
left join retired on retired.customer_id = coalesce(first_merge.main_id, given.customer_id)
left join merged as last_merge
  on last_merge.customer_id = coalesce(retired.main_id, first_merge.main_id, given.customer_id)
