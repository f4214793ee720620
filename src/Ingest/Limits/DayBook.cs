using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Storage;

namespace Seamless.Ingest.Limits;

/// <summary>Writes the day's bytes down now and then and at stop, so that a restart gives nobody a second day's allowance; a crash forgets what came since.</summary>
internal sealed partial class DayBook(Meters meters, IOptions<StorageOptions> storage, ILogger<DayBook> logger) : BackgroundService
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(30);

    private readonly string _path = Path.Combine(storage.Value.DataDirectory, "limits", "day");
    private byte[] _saved = [];
    private bool _failed;

    /// <summary>Registered before the doors: whoever comes in is counted on from where the day was.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(_path))
        {
            if (DayCounts.Read(File.ReadAllBytes(_path)) is { } counts) meters.Restore(counts);
            else NotRead(_path);
        }
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Save();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SaveEvery, TimeProvider.System);   // the machine's clock: this paces a disk
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Save();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    private void Save()
    {
        var counts = meters.Today();
        if (counts.Bytes.Count == 0) return;   // nothing is limited, or nobody has sent anything: what lies there is of another day
        var bytes = counts.Write();
        if (bytes.AsSpan().SequenceEqual(_saved)) return;
        try
        {
            Write(bytes);
            (_saved, _failed) = (bytes, false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_failed) NotSaved(e, _path);
            _failed = true;
        }
    }

    private void Write(byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);   // a file's path has a directory
        var next = _path + ".next";
        using (var file = File.Create(next))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: storage.Value.Log.Durable);
        }
        File.Move(next, _path, overwrite: true);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} is damaged: bytes a day are counted from now on")]
    private partial void NotRead(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bytes of the day could not be written to {Path}; trying again")]
    private partial void NotSaved(Exception failure, string path);
}
