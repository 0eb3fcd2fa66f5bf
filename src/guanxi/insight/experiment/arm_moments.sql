-- per arm: members, who of them bought in the window, and the moments of what they spent
with spent as (
  select
    member.customer_id,
    member.arm,
    count(purchase.customer_id) filter (where not (purchase.is_return or purchase.is_void)) as orders,
    gx_double(coalesce(sum(purchase.revenue), gx_money(0))) as revenue
  from member
  left join purchase
    on purchase.customer_id = member.customer_id
    and gx_date(purchase.ordered_at) > $since
    and gx_date(purchase.ordered_at) <= $until
  group by member.customer_id, member.arm
)
select
  arm,
  count(*) as members,
  count(*) filter (where orders > 0) as buyers,
  sum(revenue) as revenue,
  sum(revenue * revenue) as squares
from spent
group by arm
