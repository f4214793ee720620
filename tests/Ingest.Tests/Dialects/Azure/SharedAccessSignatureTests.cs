using Seamless.Ingest.Dialects.Azure;

namespace Seamless.Ingest.Tests.Dialects.Azure;

public sealed class SharedAccessSignatureTests
{
    private static readonly string Key = Convert.ToBase64String(new byte[32]);

    [Theory]
    [InlineData("hub.example.com/devices/pump-1", true)]
    [InlineData("HUB.example.com/devices/pump-1", true)]
    [InlineData("hub.example.com", true)]
    [InlineData("hub.example.com/devices", true)]
    [InlineData("hub.example.com/devices/pump", false)]
    [InlineData("hub.example.com/devices/pump-10", false)]
    [InlineData("hub.example.com/devices/pump-1/modules/m", false)]
    [InlineData("hub.example", false)]
    [InlineData("other.example.com/devices/pump-1", false)]
    [InlineData("", false)]
    public void It_covers_what_lies_beneath_it_by_whole_segments(string resource, bool covers) =>
        Assert.Equal(covers, SharedAccessSignature.Parse(Sas.Of(resource, Key)).Value!.Covers("hub.example.com/devices/pump-1"));

    [Fact]
    public void The_signature_is_over_the_text_as_sent()
    {
        var signature = SharedAccessSignature.Parse(Sas.Of("hub/devices/pump-1", Key)).Value!;
        Assert.True(signature.IsSignedWith(new byte[32]));
        Assert.False(signature.IsSignedWith([.. new byte[31], 1]));
        Assert.Equal(Sas.FarAhead, signature.ExpiresAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("SharedAccessSignature ")]
    [InlineData("SharedAccessSignature sr=a&sig=b")]
    [InlineData("SharedAccessSignature sr=a&sig=%%%&se=12")]
    [InlineData("SharedAccessSignature sr=a&sig=QUJD&se=soon")]
    [InlineData("SharedAccessSignature sr=a&sig=QUJD&se=-1")]
    [InlineData("SharedAccessSignature sr=a&sig=QUJD&se=99999999999999999")]
    [InlineData("SharedAccessSignature &&&==&sr&sig&se=")]
    public void What_is_none_is_refused_with_the_reason(string token) => Assert.NotEmpty(SharedAccessSignature.Parse(token).Refusal!.Reason);

    [Theory]
    [InlineData("hub/pump-1/?api-version=2021-04-12", "hub", "pump-1", null)]
    [InlineData("hub.example.com:8883/pump-1/?api-version=2021-04-12&DeviceClientType=py%2Fiot%2F2", "hub.example.com:8883", "pump-1", null)]
    [InlineData("hub/pump-1/api-version=2016-11-14/x", "hub", "pump-1", null)]
    [InlineData("hub/line-4/camera/?api-version=2021-04-12", "hub", "line-4", "camera")]
    public void A_user_name_says_hub_device_and_module(string name, string host, string device, string? module) =>
        Assert.Equal(new AzureUserName(host, device, module), AzureUserName.TryParse(name));

    [Theory]
    [InlineData("")]
    [InlineData("pump-1")]
    [InlineData("acme/pump-1")]
    [InlineData("hub/?api-version=2021-04-12")]
    [InlineData("/pump-1/?api-version=2021-04-12")]
    [InlineData("hub/pump 1/?api-version=2021-04-12")]
    [InlineData("hub/a/b/c/?api-version=2021-04-12")]
    public void Other_user_names_are_not_a_hubs(string name) => Assert.Null(AzureUserName.TryParse(name));
}
