using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Seamless.Telemetry;

namespace Seamless.Fleet.Registry;

/// <summary>The secret from which each device's symmetric key is derived, so that no such key is stored anywhere.</summary>
/// <remarks>
/// The file <c>device-keys</c> in the data directory: 32 random bytes in Base64 on the first line; on a second line, after a rotation, the secret before it,
/// which is accepted but gives no new keys. Made when first needed, readable by its owner alone. The command line may change it beside a running platform.
/// </remarks>
internal sealed class PlatformSecret(string dataDirectory)
{
    public const string FileName = "device-keys";
    private const int SecretBytes = 32;

    private readonly string _path = Path.Combine(dataDirectory, FileName);
    private readonly Lock _reading = new();
    private Secrets? _secrets;

    /// <summary>The key that a device is given now.</summary>
    public byte[] DeriveCurrent(DeviceKey device, byte[] generation) => Derive(Read().Current, device, generation);

    /// <summary>The keys that a device may use: the current one, and that of the secret before.</summary>
    public IReadOnlyList<byte[]> DeriveAccepted(DeviceKey device, byte[] generation)
    {
        var secrets = Read();
        return secrets.Previous is { } previous
            ? [Derive(secrets.Current, device, generation), Derive(previous, device, generation)]
            : [Derive(secrets.Current, device, generation)];
    }

    /// <summary>A new secret; the one until now is accepted until the next rotation, the one before it no longer.</summary>
    public void Rotate()
    {
        lock (_reading) Write(new Secrets(RandomNumberGenerator.GetBytes(SecretBytes), Read().Current, default));
    }

    /// <remarks>The generation ends a key together with the token of its time: a device that is removed and registered again has another key.</remarks>
    private static byte[] Derive(byte[] secret, DeviceKey device, byte[] generation) =>
        HMACSHA256.HashData(secret, (byte[])[.. Encoding.UTF8.GetBytes($"{device.Tenant}/{device.Device}\n"), .. generation]);

    private Secrets Read()
    {
        lock (_reading)
        {
            if (_secrets is { } known && known.WrittenAt == File.GetLastWriteTimeUtc(_path)) return known;
            if (!File.Exists(_path)) Write(new Secrets(RandomNumberGenerator.GetBytes(SecretBytes), null, default), onlyIfMissing: true);
            var writtenAt = File.GetLastWriteTimeUtc(_path);
            var lines = File.ReadAllLines(_path);
            return _secrets = new Secrets(Decode(lines, 0), lines.Length > 1 ? Decode(lines, 1) : null, writtenAt);
        }
    }

    private byte[] Decode(string[] lines, int line)
    {
        var secret = new byte[SecretBytes];
        return lines.Length > line && Convert.TryFromBase64String(lines[line], secret, out var length) && length == SecretBytes
            ? secret
            : throw new InvalidDataException($"{_path}, line {line + 1}: not {SecretBytes} bytes in Base64. Restore it from a backup, or delete it: all connection strings must then be issued again.");
    }

    private void Write(Secrets secrets, bool onlyIfMissing = false)
    {
        var fresh = $"{_path}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(6))}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new StreamWriter(fresh, options))
        {
            file.WriteLine(Convert.ToBase64String(secrets.Current));
            if (secrets.Previous is { } previous) file.WriteLine(Convert.ToBase64String(previous));
            file.Flush();
            ((FileStream)file.BaseStream).Flush(flushToDisk: true);
        }
        try
        {
            File.Move(fresh, _path, overwrite: !onlyIfMissing);
        }
        catch (IOException) when (onlyIfMissing && File.Exists(_path))
        {
            File.Delete(fresh);   // another process was faster: its secret stands
        }
    }

    private sealed record Secrets(byte[] Current, byte[]? Previous, DateTime WrittenAt);
}
