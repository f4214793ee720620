using System.Security.Cryptography;

namespace Seamless.ServiceDesk.Database;

/// <summary>A key of 32 random bytes in a file of its own beside the database, made when it is first needed.</summary>
/// <param name="otherwise">What helps when the file is broken and no backup of it is there.</param>
internal sealed class SecretFile(string path, string otherwise)
{
    private const int KeyBytes = 32;

    private readonly Lock _lock = new();
    private byte[]? _key;

    /// <returns>Null when there is none yet.</returns>
    public byte[]? Read()
    {
        lock (_lock) return _key is null && !File.Exists(path) ? null : Load();
    }

    public byte[] ReadOrMake()
    {
        lock (_lock)
        {
            if (_key is null && !File.Exists(path)) Make();
            return Load();
        }
    }

    private byte[] Load() =>
        _key ??= File.ReadAllBytes(path) is { Length: KeyBytes } key ? key : throw new InvalidDataException($"{path} is not a key of {KeyBytes} bytes; restore it from a backup, or {otherwise}");

    /// <summary>Whole or not at all, and only ours: a crash or a second process never leaves half a key or two.</summary>
    private void Make()
    {
        var draft = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(KeyBytes));
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);   // another was first
        }
    }
}
