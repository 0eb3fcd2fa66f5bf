-- the currencies of purchases and of what their rates are told in
select 'bought' as used, currency from purchase group by currency
union all
select 'into' as used, rate.into as currency from rate group by rate.into
