-- purchase lines taken back by a return of the same customer, product, quantity and amount: first by a return under
-- the order's own number; of what remains, the k-th such return pairs with the k-th such purchase
with mixed as (
  select party_key, source, order_id
  from fact_purchase_line
  group by party_key, source, order_id
  having bool_or(is_return) and not bool_and(is_return)
),
line as (
  select
    fact.party_key,
    fact.source,
    fact.order_id,
    fact.product_id,
    abs(fact.quantity) as size,
    abs(fact.amount) as amount,
    fact.currency,
    fact.is_return,
    fact.ordered_at,
    mixed.order_id is not null as is_mixed
  from fact_purchase_line as fact
  inner join (select distinct party_key from fact_purchase_line where is_return) as returner
    on returner.party_key = fact.party_key
  left join mixed
    on mixed.party_key = fact.party_key and mixed.source = fact.source and mixed.order_id = fact.order_id
  where fact.quantity <> 0
),
mixed_line as (
  select
    *,
    coalesce(product_id, '') as product,
    row_number() over (
      partition by party_key, source, order_id, product_id, size, amount, is_return order by ordered_at
    ) as nth
  from line
  where is_mixed
),
own_pair as (
  select
    bought.party_key,
    bought.source,
    bought.order_id,
    bought.product,
    bought.size,
    bought.amount,
    bought.nth
  from mixed_line as bought
  inner join mixed_line as returned
    on returned.party_key = bought.party_key
    and returned.source = bought.source
    and returned.order_id = bought.order_id
    and returned.product = bought.product
    and returned.size = bought.size
    and returned.amount = bought.amount
    and returned.nth = bought.nth
    and returned.ordered_at >= bought.ordered_at
  where not bought.is_return and returned.is_return
),
remaining as (
  select party_key, source, order_id, product_id, size, amount, currency, is_return, ordered_at
  from line
  where not is_mixed
  union all
  select
    mixed_line.party_key,
    mixed_line.source,
    mixed_line.order_id,
    mixed_line.product_id,
    mixed_line.size,
    mixed_line.amount,
    mixed_line.currency,
    mixed_line.is_return,
    mixed_line.ordered_at
  from mixed_line
  left join own_pair
    on own_pair.party_key = mixed_line.party_key
    and own_pair.source = mixed_line.source
    and own_pair.order_id = mixed_line.order_id
    and own_pair.product = mixed_line.product
    and own_pair.size = mixed_line.size
    and own_pair.amount = mixed_line.amount
    and own_pair.nth = mixed_line.nth
  where own_pair.nth is null
),
numbered as (
  select
    *,
    row_number() over (
      partition by party_key, source, product_id, size, amount, currency, is_return order by ordered_at, order_id
    ) as nth
  from remaining
),
taken_back as (
  select party_key, source, order_id from own_pair
  union all
  select bought.party_key, bought.source, bought.order_id
  from numbered as bought
  inner join numbered as returned
    on returned.party_key = bought.party_key
    and returned.source = bought.source
    and returned.product_id = bought.product_id
    and returned.size = bought.size
    and returned.amount = bought.amount
    and returned.currency = bought.currency
    and returned.nth = bought.nth
    and returned.ordered_at >= bought.ordered_at
  where not bought.is_return and returned.is_return
)
select party_key, source, order_id, count(*) as paired
from taken_back
group by party_key, source, order_id
