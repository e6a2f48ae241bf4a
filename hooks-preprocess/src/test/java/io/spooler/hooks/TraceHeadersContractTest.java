package io.spooler.hooks;

import io.spooler.hook.PreProcessor;
import io.spooler.testkit.HookContract;

class TraceHeadersContractTest implements HookContract {

    private final TraceHeaders hook = new TraceHeaders("mx.example.org");

    @Override
    public PreProcessor hook() {
        return hook;
    }
}
