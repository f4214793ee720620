using System.CommandLine;
using System.IO.Compression;
using Seamless.Portal.Commands.Settings;

namespace Seamless.Portal.Commands;

/// <summary><c>backup</c> and <c>restore</c>: the data directory as one file.</summary>
internal static class Backup
{
    public static Command CreateBackup()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "ZIP file to write." };
        return Verb.Create("backup", "A safe copy of the data directory, also while serve runs.", "backup /var/backups/seamless.zip --data /var/lib/seamless")
            .With(file, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                var target = parsed.GetRequiredValue(file);
                if (target.Exists) return Terminal.Misused($"{target.FullName} exists already; name a new file");
                var reached = await PlatformClient.ReachAsync(settings, ct);
                if (!reached.Succeeded) return Terminal.Refuse(reached.Refusal);
                await using var platform = reached.Value;
                return await Terminal.WithProgressAsync("backup", progress => SaveAsync(platform, target, parsed.GetValue(Verb.Json), progress, ct));
            });
    }

    public static Command CreateRestore()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A file that backup wrote." };
        return Verb.Create("restore", "Unpack a backup into an empty data directory.", "restore /var/backups/seamless.zip --data /var/lib/seamless-2")
            .With(file)
            .Run(async (parsed, settings, ct) =>
            {
                var (source, data) = (parsed.GetRequiredValue(file), settings[SettingsSchema.Data]);
                if (!source.Exists) return Terminal.Misused($"{source.FullName}: there is no such file");
                if (Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any()) return Terminal.Misused($"{Path.GetFullPath(data)} is not empty; name a new directory with --data");
                try
                {
                    await Terminal.WithProgressAsync("restore", async _ =>
                    {
                        await ZipFile.ExtractToDirectoryAsync(source.FullName, data, ct);
                        return true;
                    });
                }
                catch (InvalidDataException error)
                {
                    return Terminal.Fail($"{source.FullName} is not a backup: {error.Message}");
                }
                Console.WriteLine($"restored to {Path.GetFullPath(data)}");
                return Terminal.Success;
            });
    }

    /// <summary>Under another name until it is whole: half a backup must not look like one.</summary>
    private static async Task<int> SaveAsync(PlatformClient platform, FileInfo target, bool json, IProgress<string> progress, CancellationToken ct)
    {
        using var response = await platform.Http.GetAsync("/api/v1/backup", HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode) return Terminal.Refuse(await PlatformClient.ProblemAsync(response, ct));
        var partial = target.FullName + ".part";
        await using (var stream = File.Create(partial))
        {
            progress.Report("copying");
            await response.Content.CopyToAsync(stream, ct);
        }
        File.Move(partial, target.FullName);
        var bytes = new FileInfo(target.FullName).Length;
        if (json) Terminal.PrintJsonLine(new { File = target.FullName, Bytes = bytes });
        else Console.WriteLine($"{target.FullName}, {bytes} bytes");
        return Terminal.Success;
    }
}
