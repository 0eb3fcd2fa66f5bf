-- where every customer stands, bought or not
select
  customer.customer_id,
  $as_of as as_of,
  summary.first_purchase_on,
  summary.last_purchase_on,
  summary.recency_days,
  coalesce(summary.frequency, 0) as frequency,
  coalesce(summary.monetary, gx_money(0)) as monetary,
  coalesce(summary.spend_window, gx_money(0)) as spend_12m,
  rfm.r,
  rfm.f,
  rfm.m,
  rfm.rfm_group,
  case when abc.spend > 0 then abc.abc end as abc,
  tiers.tier,
  stage.stage,
  status.status,
  gx_money(round(expected.expected_value, 2)) as expected_12m,
  gx_money(round(expected.low, 2)) as expected_low,
  gx_money(round(expected.high, 2)) as expected_high,
  round(expected.p_alive, 6) as p_alive
from customer
left join summary on summary.customer_id = customer.customer_id
left join rfm on rfm.customer_id = customer.customer_id
left join abc on abc.customer_id = customer.customer_id
left join tiers on tiers.customer_id = customer.customer_id and tiers.method = $tier_method
left join stage on stage.customer_id = customer.customer_id
left join status on status.customer_id = customer.customer_id
left join expected on expected.customer_id = customer.customer_id
