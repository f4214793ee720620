using CsCheck;
using Seamless.Ingest.Dialects.ThingsBoard;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Tests.Dialects.ThingsBoard;

public sealed class GatewayDeviceNamesTests
{
    [Theory]
    [InlineData("pump-1", "pump-1")]
    [InlineData("AA:BB_CC", "AA:BB_CC")]
    [InlineData("Dev A", "Dev_x20A")]
    [InlineData("a/b+c#", "a_x2Fb_x2Bc_x23")]
    [InlineData("Größe", "Gr_xC3_xB6_xC3_x9Fe")]
    [InlineData("box_x20", "box_x5Fx20")]
    public void A_name_becomes_an_id_and_comes_back(string name, string id)
    {
        Assert.Equal(id, GatewayDeviceNames.ToId(name));
        Assert.Equal(name, GatewayDeviceNames.ToName(id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(129)]
    public void An_id_has_its_limits(int length) => Assert.Null(GatewayDeviceNames.ToId(new string('a', length)));

    [Fact]
    public void Every_name_that_fits_comes_back() => Gen.String[Gen.Char["ax_0 /ö€"], 1, 40].Sample(name =>
    {
        if (GatewayDeviceNames.ToId(name) is { } id) Assert.True(DeviceKey.IsValidName(id) && GatewayDeviceNames.ToName(id) == name, name);
    });

    [Fact]
    public void No_bytes_at_all_break_the_cut_of_a_gateways_payload() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        var rejects = new List<Reject>();
        GatewayPayload.Cut(bytes, rejects);
    });

    [Theory]
    [InlineData("""{"a":[1],"b":{"c":2}}""", "a=[1] b={\"c\":2}")]
    [InlineData("{}", "")]
    public void Each_device_gets_its_part(string payload, string parts)
    {
        var rejects = new List<Reject>();
        var cut = GatewayPayload.Cut(System.Text.Encoding.UTF8.GetBytes(payload), rejects);
        Assert.Equal(parts, string.Join(' ', cut.Select(part => $"{part.Device}={System.Text.Encoding.UTF8.GetString(part.Json.Span)}")));
        Assert.Empty(rejects);
    }

    [Theory]
    [InlineData("", RejectReason.Malformed)]
    [InlineData("""{"a":[1],"b":""", RejectReason.Malformed)]
    [InlineData("""{"a":[1]} x""", RejectReason.Malformed)]
    [InlineData("""{"\ud800":1}""", RejectReason.Malformed)]
    [InlineData("[1]", RejectReason.WrongShape)]
    public void What_is_no_such_object_is_refused_whole(string payload, RejectReason reason)
    {
        var rejects = new List<Reject>();
        Assert.Empty(GatewayPayload.Cut(System.Text.Encoding.UTF8.GetBytes(payload), rejects));
        Assert.Equal(reason, Assert.Single(rejects).Reason);
    }
}
