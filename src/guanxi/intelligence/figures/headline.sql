select
  count(*) as customers,
  min(first_purchase_on) as first_purchase_on,
  sum(case when frequency > 0 then 1 else 0 end) as bought_ever,
  sum(case when last_purchase_on > $window_start then 1 else 0 end) as bought_12m,
  sum(case when last_purchase_on > $window_start and stage = 'decline' then 1 else 0 end) as quiet,
  sum(spend_12m) as spend_12m,
  sum(case when pyramid.tier = 'vip' then 1 else 0 end) as top1_customers,
  gx_ratio(
    sum(case when pyramid.tier = 'vip' then pyramid.spend else gx_money(0) end), sum(pyramid.spend)
  ) as top1_share
from customer_value
left join pyramid on pyramid.customer_id = customer_value.customer_id
