-- the day of the last fact; without any purchase, of the last customer record; and of the last one written down here
select
  coalesce(bought.last_on, seen.last_on) as last_on,
  bought.last_own_on
from (
  select
    max(gx_date(ordered_at)) as last_on,
    max(case when source = $own_source then gx_date(ordered_at) end) as last_own_on
  from purchase
) as bought
cross join (select max(coalesce(gx_date(updated_at), created_on)) as last_on from customer) as seen
