// @generated automatically by Diesel CLI.

diesel::table! {
    accounts (id) {
        id -> Text,
        slug -> Text,
        name -> Text,
        plan -> Text,
        time_zone -> Text,
        active_members -> Int8,
        invited_members -> Int8,
        deactivated_members -> Int8,
        removed_members -> Int8,
        created_at -> Int8,
        require_two_factor -> Text,
        held_numbers -> Int8,
        paid_seats -> Int8,
        closed_at -> Nullable<Int8>,
    }
}

diesel::table! {
    audit_events (id) {
        id -> Text,
        account_id -> Text,
        number -> Int8,
        at -> Int8,
        event -> Text,
        actor_id -> Nullable<Text>,
        target_id -> Nullable<Text>,
        note_digest -> Bytea,
        chain -> Bytea,
    }
}

diesel::table! {
    audit_heads (account_id) {
        account_id -> Text,
        number -> Int8,
        chain -> Bytea,
    }
}

diesel::table! {
    audit_mentions (event_id, subject_id) {
        event_id -> Text,
        subject_id -> Text,
    }
}

diesel::table! {
    audit_notes (event_id) {
        event_id -> Text,
        salt -> Bytea,
        actor -> Text,
        target -> Text,
        address -> Text,
        details -> Text,
    }
}

diesel::table! {
    bulk_invite_rows (bulk_invite_id, line) {
        account_id -> Text,
        bulk_invite_id -> Text,
        line -> Int8,
        cells -> Text,
        email -> Text,
        outcome -> Text,
        reason -> Text,
    }
}

diesel::table! {
    bulk_invites (id) {
        id -> Text,
        account_id -> Text,
        title -> Text,
        state -> Text,
        resend_pending -> Bool,
        headers -> Text,
        notices -> Text,
        delimiter -> Text,
        uploaded_by -> Nullable<Text>,
        started_by -> Nullable<Text>,
        started_from -> Text,
        lines -> Int8,
        sendable -> Int8,
        to_invite -> Int8,
        to_resend -> Int8,
        skipped -> Int8,
        failed -> Int8,
        invited -> Int8,
        resent -> Int8,
        sent_to -> Int8,
        created_at -> Int8,
        started_at -> Int8,
        ended_at -> Int8,
        emptied -> Bool,
    }
}

diesel::table! {
    greetings (group_id) {
        account_id -> Text,
        group_id -> Text,
        file -> Text,
        kind -> Text,
        title -> Text,
        bytes -> Int8,
        millis -> Int8,
        uploaded_by -> Nullable<Text>,
        uploaded_at -> Int8,
    }
}

diesel::table! {
    group_members (account_id, group_id, member_id) {
        account_id -> Text,
        group_id -> Text,
        member_id -> Text,
        place -> Int8,
        joined_at -> Int8,
    }
}

diesel::table! {
    invitations (id) {
        id -> Text,
        account_id -> Text,
        member_id -> Text,
        token_hash -> Bytea,
        state -> Text,
        invited_by -> Nullable<Text>,
        mail_id -> Nullable<Text>,
        created_at -> Int8,
        expires_at -> Int8,
    }
}

diesel::table! {
    invoices (id) {
        id -> Text,
        account_id -> Text,
        number -> Int8,
        issued_on -> Int8,
        total_cents -> Int8,
        status -> Text,
        settled_at -> Nullable<Int8>,
        created_at -> Int8,
    }
}

diesel::table! {
    kept_plans (word) {
        word -> Text,
        name -> Text,
        price_cents -> Int8,
        yearly_price_cents -> Nullable<Int8>,
        seats_min -> Int8,
        seats_max -> Nullable<Int8>,
        supervisor -> Bool,
    }
}

diesel::table! {
    ledger_entries (account_id, number) {
        account_id -> Text,
        number -> Int8,
        kind -> Text,
        member_id -> Nullable<Text>,
        at -> Int8,
        happened_on -> Int8,
        cycle_starts_on -> Int8,
        plan -> Text,
        billed -> Text,
        seats -> Int8,
        price_cents -> Int8,
        days_left -> Int8,
        days_in_cycle -> Int8,
        amount_cents -> Int8,
        active_seats -> Int8,
        paid_seats -> Int8,
        invoice_id -> Nullable<Text>,
    }
}

diesel::table! {
    left_groups (account_id, member_id, group_id) {
        account_id -> Text,
        member_id -> Text,
        group_id -> Text,
    }
}

diesel::table! {
    left_numbers (account_id, member_id, number_id) {
        account_id -> Text,
        member_id -> Text,
        number_id -> Text,
    }
}

diesel::table! {
    mailed_links (id) {
        id -> Text,
        account_id -> Text,
        member_id -> Text,
        purpose -> Text,
        token_hash -> Bytea,
        state -> Text,
        email -> Text,
        created_at -> Int8,
        expires_at -> Int8,
    }
}

diesel::table! {
    mails (id) {
        id -> Text,
        account_id -> Text,
        member_id -> Nullable<Text>,
        kind -> Text,
        to_address -> Text,
        message_id -> Text,
        sealed -> Nullable<Bytea>,
        state -> Text,
        attempts -> Int8,
        next_at -> Int8,
        lease -> Nullable<Text>,
        leased_until -> Int8,
        useful_until -> Int8,
        reason -> Nullable<Text>,
        created_at -> Int8,
        sent_at -> Nullable<Int8>,
    }
}

diesel::table! {
    member_calls (member_id) {
        account_id -> Text,
        member_id -> Text,
        on_call -> Bool,
        last_call_at -> Int8,
    }
}

diesel::table! {
    members (seq) {
        seq -> Int8,
        id -> Text,
        account_id -> Text,
        email -> Nullable<Text>,
        email_verified_at -> Nullable<Int8>,
        username -> Nullable<Text>,
        first_name -> Text,
        last_name -> Text,
        job_title -> Text,
        role -> Text,
        status -> Text,
        password_hash -> Nullable<Text>,
        session_epoch -> Int8,
        time_zone -> Nullable<Text>,
        theme -> Text,
        sort_name -> Text,
        folded -> Text,
        invited_by -> Nullable<Text>,
        joined_at -> Int8,
        last_active_at -> Int8,
        removed_at -> Nullable<Int8>,
        version -> Int8,
        created_at -> Int8,
        availability -> Text,
        erase_at -> Nullable<Int8>,
        erased_at -> Nullable<Int8>,
        device -> Text,
        must_change_password -> Bool,
        second_factor_at -> Int8,
    }
}

diesel::table! {
    number_imports (id) {
        id -> Text,
        account_id -> Text,
        title -> Text,
        content -> Nullable<Bytea>,
        added -> Int8,
        skipped -> Int8,
        failed -> Int8,
        failed_rows -> Text,
        created_at -> Int8,
    }
}

diesel::table! {
    numbers (id) {
        id -> Text,
        account_id -> Text,
        number -> Text,
        international -> Text,
        region -> Text,
        label -> Text,
        folded -> Text,
        member_id -> Nullable<Text>,
        group_id -> Nullable<Text>,
        incoming_kind -> Text,
        incoming_member_id -> Nullable<Text>,
        incoming_group_id -> Nullable<Text>,
        incoming_lost -> Bool,
        version -> Int8,
        created_at -> Int8,
    }
}

diesel::table! {
    recovery_codes (member_id, digest) {
        member_id -> Text,
        digest -> Bytea,
        account_id -> Text,
        used_at -> Nullable<Int8>,
    }
}

diesel::table! {
    ring_turns (group_id) {
        account_id -> Text,
        group_id -> Text,
        place -> Int8,
    }
}

diesel::table! {
    second_factors (member_id) {
        member_id -> Text,
        account_id -> Text,
        sealed -> Bytea,
        last_step -> Int8,
        created_at -> Int8,
    }
}

diesel::table! {
    sessions (key_hash) {
        key_hash -> Bytea,
        id -> Text,
        account_id -> Text,
        member_id -> Text,
        epoch -> Int8,
        created_at -> Int8,
        last_seen_at -> Int8,
        address -> Text,
        agent -> Text,
        flash -> Nullable<Text>,
        password_at -> Int8,
        second_step -> Nullable<Text>,
    }
}

diesel::table! {
    subscriptions (account_id) {
        account_id -> Text,
        billed -> Text,
        price_cents -> Int8,
        anchor_day -> Int8,
        starts_on -> Int8,
        ends_on -> Int8,
        renews_at -> Int8,
        next_plan -> Nullable<Text>,
        next_billed -> Nullable<Text>,
        closes -> Bool,
        entries -> Int8,
        invoices -> Int8,
    }
}

diesel::table! {
    throttles (key) {
        key -> Bytea,
        tries -> Int8,
        since -> Int8,
        last_at -> Int8,
    }
}

diesel::table! {
    user_groups (id) {
        id -> Text,
        account_id -> Text,
        name -> Text,
        name_key -> Text,
        folded -> Text,
        ring_strategy -> Text,
        ring_secs -> Int8,
        time_zone -> Text,
        hours -> Text,
        closed_on -> Text,
        fallback_kind -> Text,
        fallback_group_id -> Nullable<Text>,
        fallback_number_id -> Nullable<Text>,
        fallback_phone -> Nullable<Text>,
        fallback_lost -> Bool,
        joins -> Int8,
        members -> Int8,
        version -> Int8,
        created_at -> Int8,
    }
}

diesel::joinable!(audit_events -> accounts (account_id));
diesel::joinable!(audit_heads -> accounts (account_id));
diesel::joinable!(audit_mentions -> audit_events (event_id));
diesel::joinable!(audit_notes -> audit_events (event_id));
diesel::joinable!(bulk_invites -> accounts (account_id));
diesel::joinable!(invoices -> accounts (account_id));
diesel::joinable!(ledger_entries -> accounts (account_id));
diesel::joinable!(mails -> accounts (account_id));
diesel::joinable!(members -> accounts (account_id));
diesel::joinable!(number_imports -> accounts (account_id));
diesel::joinable!(numbers -> accounts (account_id));
diesel::joinable!(subscriptions -> accounts (account_id));
diesel::joinable!(user_groups -> accounts (account_id));

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    audit_events,
    audit_heads,
    audit_mentions,
    audit_notes,
    bulk_invite_rows,
    bulk_invites,
    greetings,
    group_members,
    invitations,
    invoices,
    kept_plans,
    ledger_entries,
    left_groups,
    left_numbers,
    mailed_links,
    mails,
    member_calls,
    members,
    number_imports,
    numbers,
    recovery_codes,
    ring_turns,
    second_factors,
    sessions,
    subscriptions,
    throttles,
    user_groups,
);
