using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Seamless.ServiceDesk.PastCases;

/// <summary>Reads the closed tickets once after the start, so that the first alert does not wait for them.</summary>
internal sealed class CaseLibraryWarmUp(CaseLibrary library, ILogger<CaseLibraryWarmUp> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();   // the other rooms' start does not wait
        try
        {
            await library.CatchUpAsync(stoppingToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            logger.LogWarning(failure, "the past cases could not be read; the first alert that asks for them tries again");
        }
    }
}
