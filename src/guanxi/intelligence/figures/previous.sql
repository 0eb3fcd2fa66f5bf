-- the same two figures for the twelve months before
select
  count(distinct case when not is_return and not is_void then customer_id end) as prev_bought_12m,
  coalesce(sum(revenue), gx_money(0)) as prev_spend_12m
from purchase
where customer_id is not null
  and gx_date(ordered_at) > $previous_start
  and gx_date(ordered_at) <= $window_start
