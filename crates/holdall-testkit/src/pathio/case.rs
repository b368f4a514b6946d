//! Cases of the path-IO suite.

use std::fmt;
use std::sync::Arc;

use futures::future::{BoxFuture, FutureExt};

use super::fixture::Fixture;
use super::instance::{Instance, Property};
use crate::report::Verdict;
use crate::runner::SuiteCase;
use crate::stop::Checked;

type Body = Arc<dyn Fn(Fixture) -> BoxFuture<'static, Checked> + Send + Sync>;

/// One rule of the path-IO layer and how it is checked.
#[derive(Clone)]
pub struct Case {
    name: String,
    rule: String,
    needs: Option<Property>,
    excludes: Option<Property>,
    body: Body,
}

impl Case {
    /// The name: the family and the rule, such as `rename/onto_a_file`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rule: one sentence that says what must hold.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// The property without which the case does not apply.
    pub fn needs(&self) -> Option<Property> {
        self.needs
    }

    /// The property with which the case does not apply.
    pub fn excludes(&self) -> Option<Property> {
        self.excludes
    }

    /// Why the case does not apply to `instance`; `None` where it does.
    fn skip_reason(&self, instance: &Instance) -> Option<String> {
        let missing = self.needs.filter(|&property| !instance.has(property));
        let present = self.excludes.filter(|&property| instance.has(property));
        match (missing, present) {
            (Some(missing), _) => Some(format!("the path IO lacks '{missing}'")),
            (_, Some(present)) => Some(format!("the path IO has '{present}'")),
            _ => None,
        }
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("name", &self.name)
            .field("rule", &self.rule)
            .field("needs", &self.needs)
            .field("excludes", &self.excludes)
            .finish_non_exhaustive()
    }
}

impl SuiteCase for Case {
    type Instance = Instance;

    fn all() -> Vec<Self> {
        cases()
    }

    fn name(&self) -> &str {
        self.name()
    }

    fn rule(&self) -> &str {
        self.rule()
    }

    fn subject(_instance: &Instance) -> String {
        "path-io".to_owned()
    }

    fn judge(self, instance: Instance) -> BoxFuture<'static, Verdict> {
        async move {
            if let Some(reason) = self.skip_reason(&instance) {
                return Verdict::Skipped(reason);
            }
            let fixture = Fixture::new(&instance);
            let checked = (self.body)(fixture).await;
            drop(instance);
            checked.into()
        }
        .boxed()
    }
}

/// All cases of the path-IO suite, grouped by family.
pub fn cases() -> Vec<Case> {
    let mut suite = Suite { cases: Vec::new() };
    super::cases::register(&mut suite);
    suite.cases
}

/// Collects the cases of all families.
pub(super) struct Suite {
    cases: Vec<Case>,
}

impl Suite {
    /// The cases of one family; its name leads the name of each.
    pub(super) fn family(&mut self, name: &'static str) -> Family<'_> {
        Family { suite: self, name }
    }
}

/// Adds cases to one family.
pub(super) struct Family<'a> {
    suite: &'a mut Suite,
    name: &'static str,
}

impl Family<'_> {
    /// Adds a case. `rule` says what must hold.
    pub(super) fn case<F, Fut>(
        &mut self,
        name: impl AsRef<str>,
        rule: impl Into<String>,
        body: F,
    ) -> Added<'_>
    where
        F: Fn(Fixture) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Checked> + Send + 'static,
    {
        self.suite.cases.push(Case {
            name: format!("{}/{}", self.name, name.as_ref()),
            rule: rule.into(),
            needs: None,
            excludes: None,
            body: Arc::new(move |fixture| body(fixture).boxed()),
        });
        Added(self.suite.cases.last_mut())
    }
}

/// Restricts the case that was just added.
pub(super) struct Added<'a>(Option<&'a mut Case>);

impl Added<'_> {
    /// To path IOs with `property`.
    pub(super) fn needs(self, property: Property) {
        if let Some(case) = self.0 {
            case.needs = Some(property);
        }
    }

    /// To path IOs without `property`.
    pub(super) fn excludes(self, property: Property) {
        if let Some(case) = self.0 {
            case.excludes = Some(property);
        }
    }
}
