// Each story starts a whole platform and looks at the clock: side by side on two cores they would measure each other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
