//! The limit program of `bin/bench`: the smallest honest handler on the product's libraries that does the same work.
//!
//! `rollcall-limit serve PORT DATABASE_URL` · `sink PORT CONTROL_PORT` · `drain PORT CONNECTIONS MAILS BYTES` ·
//! `store DATABASE_URL ACCOUNT FILE`

mod data;
mod mail;
mod page;
mod store;
mod web;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize| args.get(i).and_then(|text| text.parse::<usize>().ok()).expect("a number");
    match args.first().map(String::as_str) {
        Some("serve") => web::serve(number(1) as u16, &args[2]),
        Some("sink") => mail::sink(number(1) as u16, number(2) as u16),
        Some("drain") => mail::drain(number(1) as u16, number(2), number(3), number(4)),
        Some("store") => store::store(&args[1], &args[2], &args[3]),
        _ => panic!("serve, sink, drain or store"),
    }
}
