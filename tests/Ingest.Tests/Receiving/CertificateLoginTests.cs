using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Seamless.Ingest.Receiving;
using Seamless.Telemetry;
using static Seamless.Ingest.Tests.TestCertificates;

namespace Seamless.Ingest.Tests.Receiving;

public sealed class CertificateLoginTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly X509Certificate2 _authority = Authority("Plant");
    private readonly FakeTimeProvider _time = new(Now);

    [Theory]
    [InlineData("CN=pump-1", "default/pump-1")]
    [InlineData("CN=acme/pump-1", "acme/pump-1")]
    [InlineData("O=Plant, CN=pump-1, OU=Hall 2", "default/pump-1")]
    public void The_common_name_says_which_device_it_is(string subject, string device)
    {
        using var certificate = Client(subject, _authority);
        Assert.Equal(device, Login().Check(certificate).Value.ToString());
    }

    [Theory]
    [InlineData("CN=pump 1", "neither a device id")]
    [InlineData("CN=acme/hall/pump-1", "neither a device id")]
    [InlineData("CN=/pump-1", "neither a device id")]
    [InlineData("O=Plant", "0 common names")]
    [InlineData("CN=pump-1, CN=pump-2", "2 common names")]
    public void A_subject_that_names_no_device_is_refused(string subject, string why)
    {
        using var certificate = Client(subject, _authority);
        Assert.Contains(why, Login().Check(certificate).Refusal?.Reason);
    }

    [Fact]
    public void Another_authority_is_refused_even_of_the_same_name()
    {
        using var other = Authority("Plant");
        using var certificate = Client("CN=pump-1", other);
        Assert.Contains("cannot be trusted", Login().Check(certificate).Refusal?.Reason);
    }

    [Fact]
    public void A_certificate_that_vouches_for_itself_is_refused()
    {
        using var self = Authority("pump-1");
        Assert.False(Login().Check(self).Succeeded);
    }

    [Fact]
    public void It_must_be_valid_by_our_clock()
    {
        using var certificate = Client("CN=pump-1", _authority, until: Now.AddDays(1));
        Assert.True(Login().Check(certificate).Succeeded);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Contains(nameof(X509ChainStatusFlags.NotTimeValid), Login().Check(certificate).Refusal?.Reason);
    }

    [Fact]
    public void A_certificate_for_servers_is_no_login()
    {
        using var certificate = Client("CN=pump-1", _authority, forServers: true);
        Assert.Contains(nameof(X509ChainStatusFlags.NotValidForUsage), Login().Check(certificate).Refusal?.Reason);
    }

    [Fact]
    public void An_authority_between_is_found_in_the_bundle_and_is_no_root_by_itself()
    {
        using var between = Authority("Hall 2", _authority);
        using var certificate = Client("CN=pump-1", between);
        Assert.True(new CertificateLogin([_authority, between], [], _time).Check(certificate).Succeeded);
        Assert.False(new CertificateLogin([between], [], _time).Check(certificate).Succeeded);
    }

    [Fact]
    public void With_thumbprints_only_those_are_let_in()
    {
        using var pinned = Client("CN=pump-1", _authority);
        using var another = Client("CN=pump-1", _authority);
        var thumbprint = pinned.GetCertHashString(HashAlgorithmName.SHA256);
        var login = new CertificateLogin([_authority], [string.Join(':', thumbprint.ToLowerInvariant().Chunk(2).Select(pair => new string(pair)))], _time);
        Assert.True(login.Check(pinned).Succeeded);
        Assert.Contains("by thumbprint", login.Check(another).Refusal?.Reason);
    }

    public void Dispose() => _authority.Dispose();

    private CertificateLogin Login() => new([_authority], [], _time);
}
