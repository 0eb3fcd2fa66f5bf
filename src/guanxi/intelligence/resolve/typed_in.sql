-- customers that only people know
select customer_id from golden where records = 0
