using System.Text;
using CsCheck;
using Seamless.Telemetry.Commands;
using Seamless.Telemetry.Payloads;

namespace Seamless.Telemetry.Tests.Payloads;

public sealed class SmallPayloadTests
{
    private const long Arrival = 1_764_000_000_000;
    private static readonly Gen<string> Texts = Gen.String[0, 30].Where(s => !s.Any(char.IsSurrogate));
    private static readonly Gen<string?> Data = Some.Of<string?>(null, "{}", """{"a":[1,2.5,"x"],"b":{"c":null}}""", "[true]", "7");

    [Fact]
    public void Events_are_read_back_as_written() =>
        Gen.Select(Gen.Long[946_684_800_000, Arrival], Texts.Where(t => t.Length > 0), Gen.Enum<EventSeverity>(), Texts, Data,
            (ts, code, severity, text, data) => new DeviceEvent(Some.Pump, ts, code, severity, text, data)).Sample(written =>
        {
            var (events, rejects) = DecodeEvents(PayloadWriter.Write(written));
            return rejects.Count == 0 && events is [var read] && read == written;
        });

    [Fact]
    public void A_bad_event_costs_only_itself()
    {
        var (events, rejects) = DecodeEvents("""[{"code":"E-1"},{"code":"E-2","severity":"loud"},{"text":"no code"},5,{"code":"E-3","ts":1,"text":"old"},{"code":"E-4","severity":"critical"}]"""u8);
        Assert.Equal([("E-1", EventSeverity.Info, Arrival), ("E-4", EventSeverity.Critical, Arrival)], events.Select(e => (e.Code, e.Severity, e.TimestampMs)));
        Assert.Equal([RejectReason.WrongShape, RejectReason.WrongShape, RejectReason.WrongShape, RejectReason.TimestampTooOld], rejects.Select(r => r.Reason));
    }

    [Theory]
    [InlineData(true, "1.4.0")]
    [InlineData(false, null)]
    public void States_are_read_back_as_written(bool online, string? agent)
    {
        var payload = PayloadWriter.WriteState(online, agent);
        Assert.True(StateDecoder.TryDecode(Some.Pump, payload, Arrival, out var state, out _));
        Assert.Equal(new DeviceState(Some.Pump, Arrival, online, agent, Encoding.UTF8.GetString(payload)), state);
    }

    [Theory]
    [InlineData("""{"status":"sleeping"}""", RejectReason.WrongShape)]
    [InlineData("""{}""", RejectReason.WrongShape)]
    [InlineData("""["online"]""", RejectReason.WrongShape)]
    [InlineData("""{"status":"online","x":NaN}""", RejectReason.Malformed)]
    [InlineData("", RejectReason.Malformed)]
    public void A_state_that_says_nothing_is_refused(string payload, RejectReason reason)
    {
        Assert.False(StateDecoder.TryDecode(Some.Pump, Encoding.UTF8.GetBytes(payload), Arrival, out _, out var reject));
        Assert.Equal(reason, reject.Reason);
    }

    [Fact]
    public void Commands_are_read_back_as_written() =>
        Gen.Select(Texts.Where(t => t.Length > 0), Some.Of("{}", """{"service":"web","n":[1]}"""), Gen.Long, Texts,
            (name, args, expires, key) => new CommandMessage("c-1", name, args, expires, key)).Sample(written =>
            CommandDecoder.TryDecode("c-1", PayloadWriter.Write(written), out var read, out _) && read == written);

    [Theory]
    [InlineData("""{"expiresAt":5}""")]
    [InlineData("""{"name":"reboot"}""")]
    [InlineData("""{"name":"reboot","expiresAt":5,"args":[1]}""")]
    public void A_command_without_its_essentials_is_refused(string payload)
    {
        Assert.False(CommandDecoder.TryDecode("c-1", Encoding.UTF8.GetBytes(payload), out _, out var reject));
        Assert.Equal(RejectReason.WrongShape, reject.Reason);
    }

    [Fact]
    public void Results_are_read_back_as_written() =>
        Gen.Select(Gen.Enum<CommandStatus>(), Gen.Int[0, 100], Texts.Select(t => t.Length == 0 ? null : t), Data,
            (status, progress, detail, data) => new CommandResult("c-1", status, progress, detail, data)).Sample(written =>
            CommandResultDecoder.TryDecode("c-1", PayloadWriter.Write(written), out var read, out _) && read == written);

    [Theory]
    [InlineData("""{"status":"done"}""")]
    [InlineData("""{"progress":5}""")]
    [InlineData("""{"status":"running","progress":101}""")]
    [InlineData("""{"status":"running","progress":"half"}""")]
    public void A_result_that_cannot_be_understood_is_refused(string payload)
    {
        Assert.False(CommandResultDecoder.TryDecode("c-1", Encoding.UTF8.GetBytes(payload), out _, out var reject));
        Assert.Equal(RejectReason.WrongShape, reject.Reason);
    }

    [Fact]
    public void Success_without_progress_is_complete()
    {
        Assert.True(CommandResultDecoder.TryDecode("c-1", """{"status":"succeeded"}"""u8, out var result, out _));
        Assert.Equal(100, result.Progress);
    }

    [Fact]
    public void Bytes_of_any_kind_never_throw() =>
        Gen.OneOf(Gen.Byte.Array[0, 40], Some.Of("{\"status\":\"online\"}", "{\"code\":\"x\",\"ts\":1}", "{\"name\":\"x\",\"args\":{},\"expiresAt\":1}")
            .SelectMany(text => Gen.Select(Gen.Int[0, 99], Gen.Byte, (at, value) =>
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                bytes[at % bytes.Length] = value;
                return bytes;
            }))).Sample(bytes =>
        {
            DecodeEvents(bytes);
            StateDecoder.TryDecode(Some.Pump, bytes, Arrival, out _, out _);
            CommandDecoder.TryDecode("c", bytes, out _, out _);
            CommandResultDecoder.TryDecode("c", bytes, out _, out _);
        });

    private static (List<DeviceEvent> Events, List<Reject> Rejects) DecodeEvents(ReadOnlySpan<byte> payload)
    {
        var (events, rejects) = (new List<DeviceEvent>(), new List<Reject>());
        new EventDecoder(new DecoderOptions()).Decode(Some.Pump, payload, Arrival, events, rejects);
        return (events, rejects);
    }
}
