-- the latest record of every source key: by its own date, else by the delivery it came in
select
  source, source_key, kind, name, gender, birth_on, company, phone, phone_verified, phone_2, email, email_verified,
  certificate_type, certificate_number, country, province, city, address, owner_code, created_on, updated_at
from (
  select
    customer.*,
    row_number() over (
      partition by customer.source, customer.source_key
      order by customer.updated_at desc nulls last, delivery.run_id desc, delivery.name desc, customer.line desc
    ) as newest
  from customer
  inner join delivery on delivery.delivery_id = customer.delivery_id
) as ranked
where newest = 1
