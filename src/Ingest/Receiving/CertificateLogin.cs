using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Seamless.Telemetry;

namespace Seamless.Ingest.Receiving;

/// <summary>Which device a client certificate stands for: the common name of its subject is the device's id, or <c>tenant/device</c>.</summary>
/// <remarks>
/// The certificate must chain to one of <c>authorities</c>, be valid now and be meant for clients (when it says what it is meant for).
/// Whether the device is registered is asked by whoever lets it in: a device that is removed is out whatever its certificate says.
/// </remarks>
/// <param name="authorities">The certificates, and no others, to which a device's must chain: roots, and what lies between.</param>
/// <param name="pinned">SHA-256 thumbprints in hexadecimal of the only certificates accepted; empty for all that the authorities have issued.</param>
internal sealed class CertificateLogin(X509Certificate2Collection authorities, IReadOnlyCollection<string> pinned, TimeProvider time)
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");
    private const string CommonName = "2.5.4.3";

    private readonly HashSet<string> _pinned = [.. pinned.Select(thumbprint => thumbprint.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant())];

    public Outcome<DeviceKey> Check(X509Certificate2 certificate)
    {
        var chain = WhatIsWrongWithChain(certificate);
        if (chain is not null) return Refusal.Forbidden(chain);
        if (_pinned.Count > 0 && !_pinned.Contains(certificate.GetCertHashString(HashAlgorithmName.SHA256)))
            return Refusal.Forbidden($"the certificate '{certificate.Subject}' is not one of those that are accepted by thumbprint");
        return DeviceOf(certificate);
    }

    private string? WhatIsWrongWithChain(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities.Where(IsSelfIssued).ToArray());
        policy.ExtraStore.AddRange(authorities.Where(authority => !IsSelfIssued(authority)).ToArray());
        policy.ApplicationPolicy.Add(ClientAuthentication);
        policy.VerificationTime = time.GetUtcNow().UtcDateTime;
        policy.RevocationMode = X509RevocationMode.NoCheck;   // a device is shut out in the registry, which works at once and without a list to fetch
        policy.DisableCertificateDownloads = true;
        if (chain.Build(certificate)) return null;
        var faults = chain.ChainStatus.Select(status => status.Status).Distinct();
        return $"the certificate '{certificate.Subject}' cannot be trusted: {string.Join(", ", faults)}";
    }

    private static Outcome<DeviceKey> DeviceOf(X509Certificate2 certificate)
    {
        var names = certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName).Select(part => part.GetSingleElementValue()).ToList();
        if (names is not [{ } name]) return Refusal.Invalid($"the certificate '{certificate.Subject}' has {names.Count} common names; exactly one must say which device it is");
        var slash = name.IndexOf('/');
        var key = slash < 0 ? new DeviceKey(DeviceKey.DefaultTenant, name) : new DeviceKey(name[..slash], name[(slash + 1)..]);
        return DeviceKey.IsValidName(key.Tenant) && DeviceKey.IsValidName(key.Device)
            ? key
            : Refusal.Invalid($"the common name '{name}' is neither a device id nor tenant/device");
    }

    private static bool IsSelfIssued(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
