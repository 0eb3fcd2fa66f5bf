-- purchase lines taken back by a later return of the same customer, product, quantity and amount;
-- the k-th such return pairs with the k-th such purchase
with numbered as (
  select
    line.party_key,
    line.source,
    line.order_id,
    line.ordered_at,
    line.is_return,
    line.product_id,
    abs(line.quantity) as size,
    abs(line.revenue) as amount,
    row_number() over (
      partition by
        line.party_key, line.source, line.product_id, abs(line.quantity), abs(line.revenue), line.is_return
      order by line.ordered_at, line.order_id
    ) as nth
  from fact_purchase_line as line
  inner join (select distinct party_key from fact_purchase_line where is_return) as returner
    on returner.party_key = line.party_key
  where line.quantity <> 0
)
select bought.party_key, bought.source, bought.order_id, count(*) as paired
from numbered as bought
inner join numbered as returned
  on returned.party_key = bought.party_key
  and returned.source = bought.source
  and returned.product_id = bought.product_id
  and returned.size = bought.size
  and returned.amount = bought.amount
  and returned.nth = bought.nth
  and returned.ordered_at >= bought.ordered_at
where not bought.is_return and returned.is_return
group by bought.party_key, bought.source, bought.order_id
