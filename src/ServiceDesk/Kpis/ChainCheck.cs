namespace Seamless.ServiceDesk.Kpis;

/// <summary>Goes through a log event by event, from the database or from a file.</summary>
/// <param name="kept">A head that was kept elsewhere; null when there is none.</param>
public sealed class ChainCheck(LogHead? kept)
{
    private LogHead _head = new(0, EventChain.Origin);
    private bool _keptSeen = kept is null or { Number: 0 };
    private (long Number, string Why)? _broken;

    public void Take(LoggedEvent happened)
    {
        if (_broken is not null) return;
        var next = _head.Number + 1;
        var hash = EventChain.HashOf(_head.Hash, happened);
        if (happened.Number != next) Break(next, happened.Number > next ? $"event {next} is missing" : $"event {happened.Number} is there twice");
        else if (hash != happened.Hash) Break(next, $"event {next} is not the one that was recorded, or the one before it was taken away");
        else if (kept?.Number == next && kept.Hash != hash) Break(next, $"event {next} has another hash than the one that was kept: the log up to here was written anew");
        else
        {
            _head = new LogHead(next, hash);
            _keptSeen |= kept?.Number == next;
        }
    }

    public LogCheck Result()
    {
        if (_broken is null && !_keptSeen) Break(_head.Number + 1, $"the log ends with event {_head.Number}; event {kept!.Number}, whose hash was kept, is missing");
        return new LogCheck(_broken is null, _head.Number, _head, _broken?.Number, _broken?.Why);
    }

    private void Break(long number, string why) => _broken = (number, why);
}
