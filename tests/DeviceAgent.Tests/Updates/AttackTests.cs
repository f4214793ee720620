using Seamless.DeviceAgent.Updates;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.DeviceAgent.Tests.Updates;

/// <summary>What somebody on the line, or with one of the keys, may try.</summary>
public sealed class AttackTests : IDisposable
{
    private readonly Bench _bench = new();

    [Fact]
    public void What_both_roles_have_signed_is_taken() => Assert.Null(Refused(_bench.Offer()));

    [Fact]
    public void Replay_an_assignment_that_was_taken_before_is_refused()
    {
        Assert.Null(Refused(_bench.Offer(_bench.Manifest(11), counter: 5)));
        Assert.Equal("replay", Refused(_bench.Offer(_bench.Manifest(12), counter: 5)));
        Assert.Equal("replay", Refused(_bench.Offer(_bench.Manifest(12), counter: 4)));
        Assert.Null(Refused(_bench.Offer(_bench.Manifest(12), counter: 6)));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]     // what runs
    public void Rollback_to_a_release_that_is_not_newer_is_refused(long counter) => Assert.Equal("rollback", Refused(_bench.Offer(_bench.Manifest(counter))));

    [Fact]
    public void Freeze_an_assignment_or_release_kept_back_until_it_expired_is_refused()
    {
        Assert.Equal("expired", Refused(_bench.Offer(_bench.Manifest() with { Expires = Bench.Start })));
        _bench.Time.Advance(TimeSpan.FromDays(7));
        Assert.Equal("expired", Refused(_bench.Offer()));
    }

    [Fact]
    public void Freeze_a_clock_put_back_makes_nothing_good_again()
    {
        var seen = _bench.Offer(counter: 1, change: a => a with { IssuedAt = Bench.Start.AddDays(20), ExpiresAt = Bench.Start.AddDays(27) });
        Assert.Null(Refused(seen));
        Assert.Equal("expired", Refused(_bench.Offer(_bench.Manifest(12), counter: 2)));   // good until day 7; day 20 was seen, though the clock says day 0
    }

    [Fact]
    public void Mix_and_match_an_assignment_with_another_release_is_refused()
    {
        var (one, other) = (_bench.Offer(), _bench.Offer(_bench.Manifest(12)));
        Assert.Equal("mix-and-match", Refused(one with { Release = other.Release }));
    }

    [Fact]
    public void An_assignment_of_another_device_is_refused() =>
        Assert.Equal("wrong-device", Refused(_bench.Offer(change: a => a with { Device = "pump-2" })));

    [Fact]
    public void Wrong_hardware_is_refused() => Assert.Equal("wrong-hardware", Refused(_bench.Offer(_bench.Manifest() with { HwIds = ["tv"] })));

    [Fact]
    public void One_key_compromise_of_the_director_installs_nothing_that_was_not_released() =>
        Assert.Equal("signature", Refused(_bench.Offer(releaser: _bench.Director)));

    [Fact]
    public void One_key_compromise_of_the_release_role_installs_nothing_that_was_not_assigned() =>
        Assert.Equal("signature", Refused(_bench.Offer(director: _bench.Release)));

    [Fact]
    public void A_signature_for_one_type_of_document_is_none_for_another()
    {
        var offer = _bench.Offer();
        Assert.Equal("signature", Refused(offer with { Release = offer.Release with { Type = TrustedKeys.Type } }));
    }

    [Fact]
    public void Altered_manifest_is_refused()
    {
        var offer = _bench.Offer();
        byte[] altered = [.. offer.Release.Payload];
        altered[^3] ^= 1;
        Assert.Equal("signature", Refused(offer with { Release = offer.Release with { Payload = altered } }));
    }

    [Fact]
    public async Task Altered_payload_is_refused()
    {
        byte[] altered = [.. _bench.Payload];
        altered[^1] ^= 1;
        Assert.Equal("altered", await FetchedAsync(new Platform(altered)));
    }

    [Fact]
    public async Task Truncated_payload_is_never_installed()
    {
        var offer = _bench.Offer();
        var updater = _bench.Boot(payloads: _bench.Source(new Platform(_bench.Payload[..^10])));
        Assert.True(updater.Take(offer).Succeeded);
        for (var i = 0; i < 5; i++) Assert.Equal(NextStep.Later, await updater.StepAsync(TestContext.Current.CancellationToken));
        Assert.Equal(UpdatePhase.Downloading, _bench.Memory.Phase);
    }

    [Fact]
    public async Task Endless_data_is_cut_off_at_the_size_that_was_released()
    {
        var platform = new Platform(_bench.Payload) { Endless = true };
        Assert.Equal("endless", await FetchedAsync(platform));
        Assert.InRange(platform.Sent, 0, _bench.Payload.Length + (64 << 10));
    }

    [Fact]
    public void More_than_the_machine_allows_is_refused_before_a_byte_is_fetched() =>
        Assert.Equal("too-large", Refused(_bench.Offer(_bench.Manifest() with { Size = 2 << 20 })));

    [Fact]
    public void Packed_small_and_unpacking_without_end_stops_at_what_the_release_says()
    {
        File.WriteAllBytes(_bench["bomb"], Bench.Pack(("run", new string('0', 100_000))));
        Assert.Equal("too-large", _bench.Slots.Install(_bench["bomb"], new Release("2.0.0", 11, "m", "run"), 4096).Refusal?.Code);
    }

    [Theory]
    [InlineData("../run")]
    [InlineData("/tmp/seamless-escaped")]
    public void A_file_that_leads_out_of_the_slot_is_refused(string name)
    {
        File.Delete("/tmp/seamless-escaped");   // of a run in which it got out
        File.WriteAllBytes(_bench["escape"], Bench.Pack((name, "owned")));
        Assert.Equal("unreadable", _bench.Slots.Install(_bench["escape"], new Release("2.0.0", 11, "m", "run"), 4096).Refusal?.Code);
        Assert.False(File.Exists("/tmp/seamless-escaped"));
        Assert.False(File.Exists(Path.Combine(_bench.Slots.Root, "run")));
    }

    [Fact]
    public void Keys_change_only_by_a_document_that_old_and_new_keys_have_signed()
    {
        var next = new TrustedKeys(2, [_bench.Thief.ExportSubjectPublicKeyInfo()], _bench.Keys.Director);   // here the new release key
        Assert.Equal("signature", Rotated(next, _bench.Thief));                       // not the old one
        Assert.Equal("signature", Rotated(next, _bench.Release));                     // not the new one
        Assert.Equal("signature", Rotated(next, _bench.Director, _bench.Thief));      // the director cannot
        Assert.Equal("rollback", Rotated(next with { Version = 3 }, _bench.Release, _bench.Thief));
        Assert.Equal("rollback", Rotated(next with { Version = 1 }, _bench.Release, _bench.Thief));
        Assert.Null(Rotated(next, _bench.Release, _bench.Thief));
    }

    [Fact]
    public void After_a_rotation_the_new_key_releases_and_the_old_one_no_longer_does()
    {
        var next = new TrustedKeys(2, [_bench.Thief.ExportSubjectPublicKeyInfo()], _bench.Keys.Director);
        var document = UpdateDocuments.Sign(TrustedKeys.Type, next, UpdateJson.Default.TrustedKeys, _bench.Release, _bench.Thief);

        Assert.Equal("signature", Refused(_bench.Offer(counter: 1) with { Keys = [document] }));
        Assert.Null(Refused(_bench.Offer(counter: 2, releaser: _bench.Thief) with { Keys = [document] }));
        Assert.Equal("signature", Refused(_bench.Offer(_bench.Manifest(12), counter: 3)));   // remembered, also when the document does not come again
    }

    [Fact]
    public void A_counter_driven_to_its_end_by_a_stolen_director_key_ends_with_the_key()
    {
        Assert.Null(Refused(_bench.Offer(counter: long.MaxValue)));
        var next = new TrustedKeys(2, _bench.Keys.Release, [_bench.Thief.ExportSubjectPublicKeyInfo()]);   // here the new director
        var document = UpdateDocuments.Sign(TrustedKeys.Type, next, UpdateJson.Default.TrustedKeys, _bench.Release);
        Assert.Null(Refused(_bench.Offer(_bench.Manifest(12), counter: 1, director: _bench.Thief) with { Keys = [document] }));
    }

    [Fact]
    public void Two_of_three_release_keys_are_two_different_ones()
    {
        _bench.Keys = new TrustedKeys(1, [_bench.Release.ExportSubjectPublicKeyInfo(), _bench.Thief.ExportSubjectPublicKeyInfo()], _bench.Keys.Director, ReleaseThreshold: 2);
        var offer = _bench.Offer();
        Assert.Equal("signature", Refused(offer));
        Assert.Equal("signature", Refused(offer with { Release = offer.Release.SignedBy(_bench.Release) }));
        Assert.Null(Refused(offer with { Release = offer.Release.SignedBy(_bench.Thief) }));
    }

    public void Dispose() => _bench.Dispose();

    private string? Refused(UpdateOffer offer) => _bench.Boot().Take(offer).Refusal?.Code;

    private string? Rotated(TrustedKeys next, params System.Security.Cryptography.ECDsa[] signers) =>
        _bench.Keys.Next(UpdateDocuments.Sign(TrustedKeys.Type, next, UpdateJson.Default.TrustedKeys, signers)).Refusal?.Code;

    private async Task<string?> FetchedAsync(Platform platform)
    {
        var updater = _bench.Boot(payloads: _bench.Source(platform));
        Assert.True(updater.Take(_bench.Offer()).Succeeded);
        await updater.StepAsync(TestContext.Current.CancellationToken);
        Assert.Equal(UpdatePhase.Refused, _bench.Memory.Phase);
        Assert.Null(_bench.Slots.ReleaseIn("B"));
        return _bench.Memory.Code;
    }
}
