using System.Security.Cryptography;
using Seamless.Storage.Operations;
using Seamless.Telemetry.Updates;

namespace Seamless.ServiceDesk.Evidence;

/// <summary>The key that answers for evidence: a file of its own in the data directory. Lost, older bundles keep their proof, since it needs the public key alone.</summary>
internal sealed class EvidenceKey(OperationsDatabase database) : IDisposable
{
    public const string KeyFile = "evidence.pem";

    private readonly Lazy<ECDsa> _key = new(() => SigningKeyFile.LoadOrMake(Path.Combine(database.DataDirectory, KeyFile)));

    public ECDsa Key => _key.Value;
    public string Id => SignedDocument.KeyId(Key);
    public string PublicPem => Key.ExportSubjectPublicKeyInfoPem() + "\n";

    public void Dispose()
    {
        if (_key.IsValueCreated) _key.Value.Dispose();
    }
}
