using Microsoft.Extensions.DependencyInjection;
using Seamless.ServiceDesk.Care.Checklists;
using Seamless.ServiceDesk.Care.Contacts;
using Seamless.ServiceDesk.Care.Loop;
using Seamless.ServiceDesk.Care.Plans;
using Seamless.ServiceDesk.Care.Queue;
using Seamless.ServiceDesk.Care.Tips;
using Seamless.ServiceDesk.Care.Visits;

namespace Seamless.ServiceDesk.Care;

internal static class CareRegistration
{
    public static void AddCare(this IServiceCollection services)
    {
        services.AddSingleton<CarePlanning>().AddSingleton<CareClock>().AddSingleton<TelemetrySnapshot>();
        services.AddSingleton<IContacts, ContactBook>();
        services.AddSingleton<TipClock>().AddSingleton<MachineReader>().AddSingleton<TipTokens>().AddSingleton<TipOptOuts>().AddSingleton<ITips, TipBook>().AddSingleton<ITipDoor, TipDoor>();
        services.AddSingleton<IQueue, QueueBook>().AddSingleton<ILoop, LoopBook>();
        services.AddSingleton<ICarePlans, CarePlanBook>().AddSingleton<IChecklists, ChecklistBook>().AddSingleton<ICareVisits, CareVisitBook>();
    }
}
