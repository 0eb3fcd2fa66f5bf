with breadth as (
  select customer_id, count(distinct source) as sources
  from customer_xref
  group by customer_id
)
select
  customer_xref.source,
  count(*) as records,
  count(distinct customer_xref.customer_id) as customers,
  count(distinct case when breadth.sources = 1 then customer_xref.customer_id end) as only_here
from customer_xref
inner join breadth on breadth.customer_id = customer_xref.customer_id
group by customer_xref.source
