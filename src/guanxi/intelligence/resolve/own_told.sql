-- what each record says of own fields: of each feed the latest, by its own date, else by the delivery it came in;
-- what one feed leaves empty another may fill
with latest as (
  select *
  from (
    select
      own_value.*,
      delivery.run_id,
      row_number() over (
        partition by own_value.source, own_value.source_key, own_value.feed, own_value.field
        order by own_value.updated_at desc nulls last, delivery.run_id desc, delivery.name desc, own_value.line desc
      ) as newest
    from own_value
    inner join delivery on delivery.delivery_id = own_value.delivery_id
  ) as aged
  where newest = 1
),
placed as (
  select
    *,
    row_number() over (
      partition by source, source_key, field
      order by updated_at desc nulls last, run_id desc, feed
    ) as place
  from latest
),
told as (
  select source, source_key, field, gx_first_by(value, place) as value
  from placed
  group by source, source_key, field
)
select record.party_key, record.customer_id, record.belief, told.source, told.source_key, told.field, told.value
from told
inner join record on record.source = told.source and record.source_key = told.source_key
left join purged on purged.customer_id = record.customer_id
where purged.customer_id is null
