-- one record per source key: of each feed the latest, by its own date, else by the delivery it came in;
-- what one feed leaves empty another may fill
with latest as (
  select *
  from (
    select
      customer.*,
      delivery.run_id,
      delivery.name as delivered_in,
      row_number() over (
        partition by customer.source, customer.source_key, customer.feed
        order by customer.updated_at desc nulls last, delivery.run_id desc, delivery.name desc, customer.line desc
      ) as newest
    from customer
    inner join delivery on delivery.delivery_id = customer.delivery_id
  ) as ranked
  where newest = 1
),
placed as (
  select
    *,
    row_number() over (
      partition by source, source_key
      order by updated_at desc nulls last, run_id desc, feed
    ) as place
  from latest
)
select
  source,
  source_key,
  gx_first_by(kind, place) as kind,
  gx_first_by(name, place) as name,
  gx_first_by(gender, place) as gender,
  gx_first_by(birth_on, place) as birth_on,
  gx_first_by(company, place) as company,
  gx_first_by(phone, place) as phone,
  gx_first_by(case when phone is not null then phone_verified end, place) as phone_verified,
  gx_first_by(phone_2, place) as phone_2,
  gx_first_by(email, place) as email,
  gx_first_by(case when email is not null then email_verified end, place) as email_verified,
  gx_first_by(certificate_type, place) as certificate_type,
  gx_first_by(certificate_number, place) as certificate_number,
  gx_first_by(country, place) as country,
  gx_first_by(province, place) as province,
  gx_first_by(city, place) as city,
  gx_first_by(address, place) as address,
  gx_first_by(owner_code, place) as owner_code,
  gx_first_by(created_on, place) as created_on,
  gx_first_by(updated_at, place) as updated_at
from placed
group by source, source_key
