use super::*;

/// Silence in frames of MPEG 1, layer III, 128 kbit/s, 44.1 kHz, stereo, behind a tag and before another.
fn mp3(frames: usize) -> Vec<u8> {
    let mut frame = vec![0; 417];
    frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0x04]);
    [&b"ID3\x04\0\0\0\0\0\x05title"[..], &frame.repeat(frames), b"TAG", &[0; 125]].concat()
}

#[test]
fn r44_an_mp3_file_is_known_by_its_content_and_comes_back_as_it_went() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = group(&world, world.ada.account, "Sales");
    take(&ada, sales, "greeting.wav", &mp3(200));
    assert_eq!(ada.get("/profile").flash(), "The greeting is saved. It is 0:06 long.");
    let played = ada.get(&path(sales));
    assert_eq!((played.header("content-type"), &played.bytes), ("audio/mpeg", &mp3(200)));
    let row: (String, i64, i64) = world.read(|conn| greetings::table.select((greetings::kind, greetings::bytes, greetings::millis)).get_result(conn));
    assert_eq!(row, ("mp3".into(), mp3(200).len() as i64, 5225));

    let long = upload(&ada, sales, "long.mp3", &mp3(5000));
    assert_eq!(said(&ada, &long), "The greeting is 2:11 long; it may be 2:00 at most. Make it shorter.");
    let cut = upload(&ada, sales, "cut.mp3", &mp3(200)[..40_000]);
    assert_eq!(said(&ada, &cut), "The file is damaged or was cut short. Save it again as WAV or MP3.");
    assert_eq!(ada.get(&path(sales)).bytes, mp3(200));
}
