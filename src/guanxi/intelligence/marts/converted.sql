-- purchase lines with their amounts in the company's currency; both engines multiply 19 digits by 18 exactly
select
  purchase.source,
  purchase.source_key,
  purchase.order_id,
  purchase.product_id,
  purchase.ordered_at,
  purchase.quantity,
  purchase.revenue as amount,
  purchase.currency,
  case
    when purchase.currency = $company then purchase.revenue
    else gx_money_even(cast(purchase.revenue as decimal(19, 4)) * day_rate.rate)
  end as revenue,
  purchase.is_return
from purchase
left join day_rate on day_rate.currency = purchase.currency and day_rate.bought_on = gx_date(purchase.ordered_at)
